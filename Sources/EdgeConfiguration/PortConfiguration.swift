/// What public ports tokens may be given.
package struct PortConfiguration: Sendable, Hashable {
    /// `pool`: the ports that are given out; 20000–29999, below the range that Linux uses for outgoing connections.
    package var pool: ClosedRange<UInt16> = 20_000...29_999
    /// `reserved`: ports of the pool that are never given out.
    package var reserved: [ClosedRange<UInt16>] = []
    /// `per_token`: the most ports that one token gets; 16.
    package var perToken = 16

    /// Creates the defaults.
    package init() {}

    /// Whether a port may be given out.
    ///
    /// - Parameter port: a port.
    /// - Returns: true when it is in the pool and not reserved.
    package func allows(_ port: UInt16) -> Bool {
        self.pool.contains(port) && !self.reserved.contains { $0.contains(port) }
    }
}
