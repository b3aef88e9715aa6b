import EdgeCarrier
import EdgeConnections
import EdgeForwarding
import EdgeSniffing
import EdgeSystem
import EdgeTunnel
import EdgeTypes
import Logging
import NIOCore

/// What pass-through and plain HTTP share: a visitor's channel on the tunnel's loop, joined to a stream.
struct StreamJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - name: the name whose tunnel serves it.
    ///   - service: what the client is told that the visitor speaks.
    ///   - decision: one token for the log and the table.
    ///   - head: the head that goes on in place of the visitor's own, after which nothing is read.
    func begin(
        _ connection: ArrivedConnection,
        name: Hostname,
        service: TunnelService,
        decision: String,
        head: [UInt8]?
    ) {
        let rooms = self.rooms
        let maker = ChannelMaker(rooms: rooms)
        guard let member = rooms.chooseTunnel(name, connection.plan) else {
            LateRefusal(rooms: rooms).refuse(connection, .tunnelAway)
            return
        }
        let record = maker.record(connection, decision, phase: .routed, tunnel: member.id)
        let settings = rooms.forwardingSettings(connection.plan)
        let skip = connection.facts.preface?.headLength ?? 0
        maker.make(connection, on: member.loop, reads: .visitor, record: record) { channel in
            let handler = ForwardingHandler(
                settings: settings,
                buffers: member.loop.buffers,
                meters: connection.meters,
                preamble: head.map { Preamble(skip: skip, replacement: ByteBuffer(bytes: $0)) }
            )
            handler.failureAnswer = { LateRefusal.bytes(connection.facts, $0) }
            handler.onClosed = { rooms.ended(connection, record.id, $0) }
            guard let stream = member.openStream(connection, service: service, name: name) else {
                try LateRefusal(rooms: rooms).answer(connection, .limit, on: channel)
                rooms.ended(connection, record.id, .limit)
                return
            }
            // The client may know the visitor by another port: the true one stands here.
            rooms.logger.debug(
                "stream opened",
                metadata: [
                    "edge.connection": "\(record.id)", "edge.peer": "\(connection.arrival.peer)",
                    "edge.tunnel": "\(member.id)", "edge.stream": "\(stream.id)", "edge.name": "\(name)",
                ]
            )
            handler.far = .stream(stream)
            stream.attach(.channel(handler))
            rooms.connections.setHandle(record.id, ChannelHandle(channel: channel, handler: handler))
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}
