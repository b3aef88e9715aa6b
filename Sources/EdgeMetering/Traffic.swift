/// What a number of connections moved together.
package struct Traffic: Sendable, Hashable {
    /// Bytes over their sockets.
    package var raw: MeterReading
    /// Bytes carried in them.
    package var payload: MeterReading
    /// How many connections are counted.
    package var connections: UInt64

    /// Creates a sum.
    ///
    /// - Parameters:
    ///   - raw: bytes over the sockets.
    ///   - payload: bytes carried.
    ///   - connections: how many connections moved them.
    package init(raw: MeterReading, payload: MeterReading, connections: UInt64) {
        self.raw = raw
        self.payload = payload
        self.connections = connections
    }

    /// Reads the meters of one connection.
    ///
    /// - Parameter meters: the connection's meters.
    package init(of meters: ConnectionMeters) {
        self.init(raw: meters.raw, payload: meters.payload, connections: 1)
    }

    /// Nothing moved by nobody.
    package static let zero = Traffic(raw: .zero, payload: .zero, connections: 0)

    /// Adds to a sum in place.
    ///
    /// - Parameters:
    ///   - left: the sum that grows.
    ///   - right: what is added.
    package static func += (left: inout Traffic, right: Traffic) {
        left.raw += right.raw
        left.payload += right.payload
        let (connections, overflow) = left.connections.addingReportingOverflow(right.connections)
        left.connections = overflow ? UInt64.max : connections
    }
}
