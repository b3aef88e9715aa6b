/// What became of received bytes.
package struct TLSReceipt: Sendable, Equatable {
    /// What comes next.
    package enum Outcome: Sendable, Equatable {
        /// All bytes are taken; more must come.
        case needsBytes
        /// The plaintext has no room left: call again with the rest of the bytes and more room.
        case outputFull
        /// The peer will send nothing more (close_notify); what follows it is dropped (RFC 8446 §6.1).
        case closed
        /// The connection is over; an alert for the peer may be pending.
        case failed(TLSError)
    }

    /// Bytes taken from the ciphertext.
    package let consumed: Int
    /// Whether these bytes ended the handshake.
    package let handshakeJustCompleted: Bool
    /// What comes next.
    package let outcome: Outcome

    /// Creates a receipt.
    ///
    /// - Parameters:
    ///   - consumed: bytes taken from the ciphertext.
    ///   - handshakeJustCompleted: whether these bytes ended the handshake.
    ///   - outcome: what comes next.
    package init(consumed: Int, handshakeJustCompleted: Bool, outcome: Outcome) {
        self.consumed = consumed
        self.handshakeJustCompleted = handshakeJustCompleted
        self.outcome = outcome
    }
}
