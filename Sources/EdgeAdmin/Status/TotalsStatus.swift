package import EdgeConnections
import EdgeMetering
import EdgeTypes

/// Sums since the relay started, as the status shows them.
package struct TotalsStatus: Sendable, Hashable, Codable {
    /// Connections that are open, tunnels included.
    package let openConnections: Int
    /// What visitors moved, live ones included.
    package let visitors: TrafficStatus
    /// What tunnels moved over their own connections, live ones included.
    package let tunnels: TrafficStatus
    /// How many connections ended, by reason.
    package let ended: [String: UInt64]

    /// Reads the totals of the table.
    ///
    /// - Parameter totals: the totals.
    package init(_ totals: ConnectionTotals) {
        self.openConnections = totals.open
        self.visitors = TrafficStatus(totals.traffic.visitors)
        self.tunnels = TrafficStatus(totals.traffic.tunnels)
        self.ended = [String: UInt64](
            totals.ended.map { ($0.key.rawValue, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
