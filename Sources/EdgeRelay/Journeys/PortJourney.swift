import EdgeForwarding
import EdgeTunnel
import EdgeTypes

/// A visitor of a public TCP port: nothing is looked at, and the client is told of it at once where it can be.
///
///     the port's tunnel whose turn it is -> channel on its loop -> stream -> ForwardingHandler
struct PortJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - port: the port.
    func begin(_ connection: ArrivedConnection, port: UInt16) {
        StreamJourney(rooms: self.rooms).begin(connection, to: .port(port), service: .tcp, decision: "port")
    }
}
