import EdgeTunnel
import EdgeTypes
import EdgeWebSocket

/// A breach of the peer, and what it earns: the token in the log, the close frame, and a fault said before it.
struct CarrierBreach {
    /// The token that stands in the log.
    let reason: CloseReason
    /// What the close frame says.
    let code: WebSocketCloseCode
    /// What a peer that reads control packets is told first; nil where its framing is broken, so that nothing helps.
    let fault: ControlFault?

    /// A breach of RFC 6455.
    ///
    /// - Parameter error: what was broken.
    init(_ error: WebSocketError) {
        self.reason = .webSocketViolation
        self.code = error.closeCode
        self.fault = nil
    }

    /// A breach of the tunnel's protocol.
    ///
    /// - Parameter error: what was broken.
    init(_ error: TunnelError) {
        self.reason = .tunnelViolation
        switch error {
        case .packetTooLarge(let actual, let limit):
            self.code = .messageTooBig
            self.fault = ControlFault(
                message: "a packet of \(actual) bytes, \(limit) at most",
                code: "E_PACKET_TOO_LARGE"
            )
        case .unknownVersion, .tooFewFields, .malformedBodyLength:
            self.code = .policyViolation
            self.fault = ControlFault(message: "a packet that cannot be read", code: "E_BAD_PACKET")
        }
    }
}
