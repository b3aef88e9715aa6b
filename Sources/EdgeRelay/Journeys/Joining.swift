import EdgeCarrier
import EdgeConnections
import EdgeForwarding
import EdgeTunnel
import EdgeTypes
import NIOCore

/// Joins a connection whose TLS ended here to what serves it.
struct Joining {
    let rooms: RelayRooms
    let connection: ArrivedConnection
    let id: ConnectionID
    /// The loop where the connection lives.
    let loop: RelayLoop

    /// Joins to a tunnel; over a hop where the tunnel lives on another loop.
    ///
    /// - Parameters:
    ///   - opening: the connection, on its loop.
    ///   - member: the tunnel.
    ///   - name: the name whose tunnel it is.
    ///   - service: what the client is told that the visitor speaks.
    func join(_ opening: Opening, to member: TunnelMember, name: Hostname, service: TunnelService = .http) {
        let handler = self.handler(opening)
        let stream = StreamOpening(
            rooms: self.rooms,
            connection: self.connection,
            id: self.id,
            target: .name(name),
            service: service
        )
        guard let serving = stream.join(handler, to: member, on: self.loop.eventLoop) else {
            self.refuse(opening, .limit)
            return
        }
        self.rooms.connections.update(self.id) { record in
            record.phase = .routed
            record.tunnel = serving.id
            record.name = name
            if service == .ssh { record.applicationProtocol = .ssh }
        }
        self.start(opening, handler)
    }

    /// Joins to a fixed address, in the clear.
    ///
    /// - Parameters:
    ///   - opening: the connection, on its loop.
    ///   - endpoint: the address.
    func join(_ opening: Opening, to endpoint: SocketEndpoint) {
        let handler = self.handler(opening)
        let upstream = UpstreamDialer(rooms: self.rooms, connection: self.connection)
            .dial(endpoint, for: handler, on: self.loop, isPage: true)
        handler.far = .splice(upstream)
        self.rooms.connections.update(self.id) { record in
            record.phase = .routed
            record.upstream = endpoint.description
        }
        self.start(opening, handler)
    }

    /// Answers with a page and closes.
    ///
    /// - Parameters:
    ///   - opening: the connection, on its loop.
    ///   - reason: why.
    func refuse(_ opening: Opening, _ reason: CloseReason) {
        opening.answer(LateRefusal.page(self.connection.facts, reason).bytes(asJSON: false))
        self.rooms.ended(self.connection, self.id, reason)
    }

    private func handler(_ opening: Opening) -> ForwardingHandler {
        let settings = self.rooms.forwardingSettings(self.connection.plan)
        let handler = opening.forwardingHandler(settings: settings, buffers: self.loop.buffers)
        let (rooms, connection, id) = (self.rooms, self.connection, self.id)
        handler.failureAnswer = { LateRefusal.page(connection.facts, $0).bytes(asJSON: false) }
        handler.onClosed = { rooms.ended(connection, id, $0) }
        return handler
    }

    private func start(_ opening: Opening, _ handler: ForwardingHandler) {
        self.rooms.connections.setHandle(self.id, ChannelHandle(channel: opening.context.channel, handler: handler))
        opening.start(handler)
    }
}
