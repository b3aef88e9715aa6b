/// One listener, as the status shows it.
package struct ListenerStatus: Sendable, Hashable, Codable {
    /// Where it is bound, as it is written.
    package let address: String
    /// What it does with first bytes that name nobody.
    package let fallback: String
    /// Connections that it accepted so far.
    package let accepted: Int
    /// Connections of it that are open.
    package let open: Int

    /// Creates a listener's status.
    ///
    /// - Parameters:
    ///   - address: where it is bound, as it is written.
    ///   - fallback: what it does with first bytes that name nobody.
    ///   - accepted: connections that it accepted so far.
    ///   - open: connections of it that are open.
    package init(address: String, fallback: String, accepted: Int, open: Int) {
        self.address = address
        self.fallback = fallback
        self.accepted = accepted
        self.open = open
    }
}
