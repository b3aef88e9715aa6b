/// Every breach of RFC 6455 that a peer can commit; each earns a close code.
package enum WebSocketError: Error, Sendable, Hashable {
    /// The peer set bits that only an extension may set (RFC 6455 §5.2).
    case reservedBits(UInt8)
    /// The peer used an opcode that nobody defined (RFC 6455 §5.2).
    case unknownOpcode(UInt8)
    /// The peer cut a control frame into parts (RFC 6455 §5.5).
    case fragmentedControl(WebSocketOpcode)
    /// The peer sent a control frame of more than 125 bytes (RFC 6455 §5.5).
    case controlTooLong(WebSocketOpcode)
    /// The client did not mask (RFC 6455 §5.1).
    case notMasked
    /// The server masked (RFC 6455 §5.1).
    case masked
    /// The peer continued a message that it had not begun (RFC 6455 §5.4).
    case continuationWithoutStart
    /// The peer began a message inside another (RFC 6455 §5.4).
    case messageInsideMessage
    /// The peer wrote a length with more bytes than it needs (RFC 6455 §5.2).
    case lengthNotMinimal(UInt64)
    /// The peer wrote a length of 64 bits (RFC 6455 §5.2).
    case lengthOutOfRange(UInt64)
    /// The peer announced a message longer than we take.
    case messageTooBig(actual: Int, limit: Int)
    /// The peer closed with one byte, half a code (RFC 6455 §5.5.1).
    case closeTooShort
    /// The peer closed with a code that may not be sent (RFC 6455 §7.4).
    case invalidCloseCode(UInt16)
    /// The peer gave a reason that is not UTF-8 (RFC 6455 §5.5.1).
    case invalidCloseReason
    /// The server's answer to the upgrade is no HTTP/1.1 response.
    case malformedResponse
    /// The head of the server's answer is longer than we take.
    case responseTooLong(limit: Int)
    /// The server switched, but not to a WebSocket (RFC 6455 §4.1).
    case notUpgraded
    /// The server's `Sec-WebSocket-Accept` does not belong to our key (RFC 6455 §4.1).
    case wrongAccept
    /// The server agreed to an extension or a protocol that nobody offered (RFC 6455 §4.1).
    case unexpectedAgreement

    /// What the close frame says to the peer.
    package var closeCode: WebSocketCloseCode {
        switch self {
        case .messageTooBig: .messageTooBig
        case .invalidCloseReason: .invalidPayload
        case .reservedBits, .unknownOpcode, .fragmentedControl, .controlTooLong, .notMasked, .masked,
            .continuationWithoutStart, .messageInsideMessage, .lengthNotMinimal, .lengthOutOfRange, .closeTooShort,
            .invalidCloseCode, .malformedResponse, .responseTooLong, .notUpgraded, .wrongAccept, .unexpectedAgreement:
            .protocolError
        }
    }
}
