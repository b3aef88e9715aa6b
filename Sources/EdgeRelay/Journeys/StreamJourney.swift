import EdgeCarrier
import EdgeConnections
import EdgeForwarding
import EdgeSniffing
import EdgeSystem
import EdgeTunnel
import EdgeTypes
import NIOCore

/// What pass-through, plain HTTP and public TCP ports share: a visitor's channel on the tunnel's loop, joined to a stream.
struct StreamJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - target: what the visitor asked for.
    ///   - service: what the client is told that the visitor speaks.
    ///   - decision: one token for the log and the table.
    ///   - head: the head that goes on in place of the visitor's own, after which nothing is read.
    func begin(
        _ connection: ArrivedConnection,
        to target: StreamTarget,
        service: TunnelService,
        decision: String,
        head: [UInt8]? = nil
    ) {
        let rooms = self.rooms
        let maker = ChannelMaker(rooms: rooms)
        guard let member = target.choose(rooms, connection.plan) else {
            LateRefusal(rooms: rooms).refuse(connection, .tunnelAway)
            return
        }
        let record = maker.record(connection, decision, phase: .routed, tunnel: member.id)
        let opening = StreamOpening(
            rooms: rooms,
            connection: connection,
            id: record.id,
            target: target,
            service: service
        )
        let settings = rooms.forwardingSettings(connection.plan)
        let skip = connection.facts.preface?.headLength ?? 0
        let pressure = member.pulse.pressure
        maker.make(connection, on: member.loop, reads: .visitor, record: record, pressure: pressure) { channel in
            let handler = ForwardingHandler(
                settings: settings,
                buffers: member.loop.buffers,
                meters: connection.meters,
                preamble: head.map { Preamble(skip: skip, replacement: ByteBuffer(bytes: $0)) }
            )
            handler.failureAnswer = { LateRefusal.bytes(connection.facts, $0) }
            handler.onClosed = { rooms.ended(connection, record.id, $0) }
            guard let serving = opening.join(handler, to: member, on: channel.eventLoop) else {
                try LateRefusal(rooms: rooms).answer(connection, .limit, on: channel)
                rooms.ended(connection, record.id, .limit)
                return
            }
            if serving !== member { rooms.connections.update(record.id) { $0.tunnel = serving.id } }
            rooms.connections.setHandle(record.id, ChannelHandle(channel: channel, handler: handler))
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}
