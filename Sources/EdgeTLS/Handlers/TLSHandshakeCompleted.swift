/// The user event that tells a pipeline that the TLS handshake is done.
package struct TLSHandshakeCompleted: Sendable, Equatable {
    /// What it came to.
    package let summary: TLSHandshakeSummary

    /// Creates an event.
    ///
    /// - Parameter summary: what the handshake came to.
    package init(summary: TLSHandshakeSummary) {
        self.summary = summary
    }
}
