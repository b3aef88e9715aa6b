import EdgeConnections
import EdgeForwarding
import EdgeSystem
import EdgeTLS
import EdgeTypes
import NIOCore

/// An operator's connection: TLS ends here, and the admin site has the plaintext.
///
///     channel -> OpeningHandler (handshake) -> TLSServerHandler -> the site's HTTP
struct AdminJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameter connection: the connection.
    func begin(_ connection: ArrivedConnection) {
        let rooms = self.rooms
        guard let loop = rooms.loops.withFewestConnections else { return }
        OpeningJourney(rooms: rooms, connection: connection, decision: "admin", loop: loop).begin { id in
            { _, _ in .open { AdminJourney(rooms: rooms).open($0, connection, id) } }
        }
    }

    /// Hands a connection whose TLS ended to the site.
    ///
    /// - Parameters:
    ///   - opening: the connection, on its loop.
    ///   - connection: what is known of it.
    ///   - id: its identity.
    func open(_ opening: Opening, _ connection: ArrivedConnection, _ id: ConnectionID) {
        guard let engine = opening.engine else { return }
        let (rooms, channel) = (self.rooms, opening.context.channel)
        let handle = AdminHandle(channel: channel)
        channel.closeFuture.whenComplete { _ in rooms.ended(connection, id, handle.reason) }
        rooms.connections.setHandle(id, handle)
        rooms.connections.setPhase(id, .keptAlive)
        let handler = TLSServerHandler(engine: engine, meters: opening.meters, initialPlaintext: opening.plaintext)
        _ = channel.setOption(.autoRead, value: false)
        opening.add(handler)
        let visitor = AdminVisitor(channel: channel, peer: connection.arrival.peer)
        if case .terminated = rooms.adminVisitors.yield(visitor) { channel.close(promise: nil) }
    }
}
