import EdgeConnections
import EdgeForwarding
import EdgeTypes
import NIOCore

/// A visitor of a fixed address: TLS passed through, TLS ended here, or anything in the clear.
///
///     the loop with the fewest connections -> channel with ForwardingHandler -> splice -> dialled channel
struct UpstreamJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - endpoint: the address.
    ///   - terminatesTLS: whether TLS ends here, and the address gets plaintext.
    func begin(_ connection: ArrivedConnection, to endpoint: SocketEndpoint, terminatesTLS: Bool) {
        let rooms = self.rooms
        guard let loop = rooms.loops.withFewestConnections else { return }
        if terminatesTLS {
            let journey = OpeningJourney(rooms: rooms, connection: connection, decision: "upstream", loop: loop)
            journey.begin { id in
                { plaintext, _ in
                    // Nothing is dialled for a visitor that has not said what it wants.
                    guard plaintext.readableBytes > 0 else { return .wait }
                    if let page = Misdirected(connection: connection).page(plaintext) {
                        return .answer(page.bytes(asJSON: false), page.reason)
                    }
                    return .open {
                        Joining(rooms: rooms, connection: connection, id: id, loop: loop).join($0, to: endpoint)
                    }
                }
            }
            return
        }
        let maker = ChannelMaker(rooms: rooms)
        let record = maker.record(connection, "upstream", phase: .routed, upstream: endpoint.description)
        let settings = rooms.forwardingSettings(connection.plan)
        maker.make(connection, on: loop, reads: .visitor, record: record) { channel in
            let handler = ForwardingHandler(settings: settings, buffers: loop.buffers, meters: connection.meters)
            handler.onClosed = { rooms.ended(connection, record.id, $0) }
            let dialer = UpstreamDialer(rooms: rooms, connection: connection)
            let upstream = dialer.dial(endpoint, for: handler, on: loop, isPage: false)
            handler.far = .splice(upstream)
            rooms.connections.setHandle(record.id, ChannelHandle(channel: channel, handler: handler))
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}
