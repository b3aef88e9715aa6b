package import EdgeMetering

/// What a number of connections moved, as the status shows it.
package struct TrafficStatus: Sendable, Hashable, Codable {
    /// Bytes over their sockets.
    package let raw: MeterReading
    /// Bytes carried in them.
    package let payload: MeterReading
    /// How many there were.
    package let connections: UInt64

    /// Reads a sum.
    ///
    /// - Parameter traffic: the sum.
    package init(_ traffic: Traffic) {
        self.raw = traffic.raw
        self.payload = traffic.payload
        self.connections = traffic.connections
    }
}
