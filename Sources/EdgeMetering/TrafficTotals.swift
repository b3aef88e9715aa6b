package import EdgeTypes

/// Readings summed by name, tunnel and listener.
///
/// An ended connection is added once and stays, so that sums never go down. Visitors are counted apart from the tunnels
/// that carry them: the same bytes cross both.
package struct TrafficTotals: Sendable {
    /// Sums kept for one kind of key.
    ///
    /// Names come from visitors, and tunnels come and go for as long as the relay runs: without a bound the sums would
    /// grow for ever. At about 150 bytes each this is below 2 MB a kind.
    package static let maximumKeys = 10_000

    /// What all visitors moved.
    package private(set) var visitors = Traffic.zero
    /// What all tunnels moved over their own connections.
    package private(set) var tunnels = Traffic.zero
    /// What visitors moved, by the name they asked for.
    package private(set) var byName: [Hostname: Traffic] = [:]
    /// What visitors moved, by the tunnel that served them.
    package private(set) var byTunnel: [TunnelID: Traffic] = [:]
    /// What visitors and tunnels moved, by the listener that accepted them.
    package private(set) var byListener: [String: Traffic] = [:]
    /// What visitors moved whose name found no place in ``byName``.
    package private(set) var otherNames = Traffic.zero
    /// What visitors moved through the oldest tunnels, that lost their place in ``byTunnel``.
    package private(set) var otherTunnels = Traffic.zero

    private let limit: Int

    /// Creates sums of nothing.
    ///
    /// - Parameter limit: sums kept for one kind of key.
    package init(limit: Int = TrafficTotals.maximumKeys) {
        self.limit = max(1, limit)
    }

    /// Adds what a visitor moved.
    ///
    /// - Parameters:
    ///   - traffic: what its meters read.
    ///   - name: the name it asked for.
    ///   - tunnel: the tunnel that served it.
    ///   - listener: the listener that accepted it, as it is written.
    package mutating func addVisitor(_ traffic: Traffic, name: Hostname?, tunnel: TunnelID?, listener: String) {
        self.visitors += traffic
        self.byListener[listener, default: .zero] += traffic
        if let name {
            if self.byName[name] != nil || self.byName.count < self.limit {
                self.byName[name, default: .zero] += traffic
            } else {
                self.otherNames += traffic
            }
        }
        if let tunnel {
            if self.byTunnel[tunnel] == nil, self.byTunnel.count >= self.limit {
                self.forgetOldestTunnels()
            }
            self.byTunnel[tunnel, default: .zero] += traffic
        }
    }

    /// Adds what a tunnel moved over its own connection.
    ///
    /// - Parameters:
    ///   - traffic: what its meters read.
    ///   - listener: the listener that accepted it, as it is written.
    package mutating func addTunnel(_ traffic: Traffic, listener: String) {
        self.tunnels += traffic
        self.byListener[listener, default: .zero] += traffic
    }

    /// Folds the older half of the tunnels into one sum; half, so that sorting is paid once in many tunnels.
    private mutating func forgetOldestTunnels() {
        for tunnel in self.byTunnel.keys.sorted().prefix((self.limit + 1) / 2) {
            if let traffic = self.byTunnel.removeValue(forKey: tunnel) {
                self.otherTunnels += traffic
            }
        }
    }
}
