/// Why a WebSocket is closed (RFC 6455 §7.4, and the IANA registry of close codes).
package struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number on the wire.
    package let rawValue: UInt16

    /// Creates a code from its number; codes that may not be sent are possible here and refused by the decoder.
    ///
    /// - Parameter rawValue: the number on the wire.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: its purpose is fulfilled.
    package static let normalClosure = WebSocketCloseCode(rawValue: 1000)
    /// 1001: the sender is going away.
    package static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// 1002: the peer broke the protocol.
    package static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// 1003: a kind of data that the sender does not take.
    package static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// 1007: data that is not what its kind says, such as text that is not UTF-8.
    package static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    /// 1008: refused by a rule of the sender.
    package static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// 1009: a message that is too big.
    package static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// 1010: the server did not agree to an extension that the client needs.
    package static let mandatoryExtension = WebSocketCloseCode(rawValue: 1010)
    /// 1011: the sender failed.
    package static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// 1012: the sender restarts; come back soon.
    package static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    /// 1013: the sender is overloaded; come back later.
    package static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)
    /// 1014: the sender stands for a server that answered badly.
    package static let badGateway = WebSocketCloseCode(rawValue: 1014)

    /// Whether the code may stand in a close frame (RFC 6455 §7.4.1 and §7.4.2): 1004, 1005, 1006 and 1015 may not.
    package var maySend: Bool {
        switch self.rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The number.
    package var description: String { String(self.rawValue) }
}
