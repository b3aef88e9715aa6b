package import EdgeMetering
package import EdgeTypes

/// Sums over every connection that was ever open, live ones included.
package struct ConnectionTotals: Sendable {
    /// What they moved, by name, tunnel and listener.
    package let traffic: TrafficTotals
    /// How many are open.
    package let open: Int
    /// How many have ended, by reason.
    package let ended: [CloseReason: UInt64]

    /// Creates totals.
    ///
    /// - Parameters:
    ///   - traffic: what the connections moved.
    ///   - open: how many are open.
    ///   - ended: how many have ended, by reason.
    package init(traffic: TrafficTotals, open: Int, ended: [CloseReason: UInt64]) {
        self.traffic = traffic
        self.open = open
        self.ended = ended
    }
}
