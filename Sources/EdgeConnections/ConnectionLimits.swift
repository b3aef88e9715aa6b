/// How many connections may be open.
package struct ConnectionLimits: Sendable, Hashable {
    /// Connections in all.
    package var connections: Int
    /// Connections from one address; of IPv6 from one /64, which is what one site is given.
    package var connectionsPerAddress: Int

    /// Creates limits; the defaults are those of the configuration.
    ///
    /// - Parameters:
    ///   - connections: connections in all; at about 8 KiB each, 100,000 of them fit into a GiB.
    ///   - connectionsPerAddress: connections from one address; many visitors may share one behind a carrier's NAT.
    package init(connections: Int = 100_000, connectionsPerAddress: Int = 10_000) {
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
    }
}
