package import EdgeTypes

/// What public TCP ports tokens may be given, and where they are bound.
package struct PortConfiguration: Sendable, Hashable {
    /// `pool`: the ports that are given out; 20000–29999, below the range that Linux uses for outgoing connections.
    package var pool: ClosedRange<UInt16> = 20_000...29_999
    /// `reserved`: ports that are never given out, whether a token names them or the pool holds them.
    package var reserved: [ClosedRange<UInt16>] = []
    /// `per_token`: the most ports that one token gets; 16.
    package var perToken = 16
    /// `address`: where the ports are bound, or nil for the address of the first TCP listener.
    package var address: NetworkAddress?

    /// Creates the defaults.
    package init() {}

    /// Whether a port may be given out from the pool.
    ///
    /// - Parameter port: a port.
    /// - Returns: true when it is in the pool and not reserved.
    package func allows(_ port: UInt16) -> Bool {
        self.pool.contains(port) && !self.isReserved(port)
    }

    /// Whether a port is never given out.
    ///
    /// - Parameter port: a port.
    /// - Returns: true when it is reserved.
    package func isReserved(_ port: UInt16) -> Bool {
        self.reserved.contains { $0.contains(port) }
    }
}
