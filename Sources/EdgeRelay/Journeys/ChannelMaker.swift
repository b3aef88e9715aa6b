import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
import EdgeSockets
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore
import Synchronization

/// Makes the channel of an arrival on the loop where it belongs, with the pipeline that it needs.
struct ChannelMaker: Sendable {
    /// Which reads a channel makes.
    enum Reads {
        /// A visitor's: a pool with headroom.
        case visitor
        /// A tunnel's: large.
        case tunnel
    }

    let rooms: RelayRooms

    /// Makes a channel.
    ///
    /// - Parameters:
    ///   - connection: the connection; its descriptor is given to the channel.
    ///   - loop: the loop where it lives.
    ///   - reads: which reads it makes.
    ///   - record: what the table of connections says of it.
    ///   - pressure: says when its reads should be small: that of the tunnel which serves it.
    ///   - setUp: builds the pipeline, on the loop; what it throws closes the channel.
    func make(
        _ connection: ArrivedConnection,
        on loop: RelayLoop,
        reads: Reads,
        record: ConnectionRecord,
        pressure: ReadPressure? = nil,
        setUp: @escaping @Sendable (any Channel) throws -> Void
    ) {
        let rooms = self.rooms
        rooms.connections.insert(record)
        loop.load.connections.add(1, ordering: .relaxed)
        connection.listener.accepted.add(1, ordering: .relaxed)
        let maker = self
        loop.eventLoop.execute {
            let socket = StreamSocket(descriptor: connection.arrival.descriptor)
            let channel = SocketChannel(
                socket,
                on: loop.eventLoop,
                settings: maker.settings(connection, loop, reads, pressure),
                peer: connection.arrival.peer,
                local: connection.arrival.local
            )
            channel.closeFuture.assumeIsolated().whenComplete { _ in
                loop.load.connections.subtract(1, ordering: .relaxed)
            }
            do {
                if reads == .tunnel { try maker.limitSilence(connection) }
                try setUp(channel)
                try channel.start()
            } catch {
                rooms.logger.debug(
                    "connection could not be taken over",
                    metadata: ["edge.peer": "\(connection.arrival.peer)", "error": "\(error)"]
                )
                channel.close(promise: nil)
                rooms.ended(connection, record.id, .internalError)
            }
        }
    }

    /// What a channel of its kind reads with, and how much may wait in it.
    private func settings(
        _ connection: ArrivedConnection,
        _ loop: RelayLoop,
        _ reads: Reads,
        _ pressure: ReadPressure?
    ) -> SocketChannel.Settings {
        switch reads {
        case .visitor:
            let limits = connection.plan.configuration.limits
            return SocketChannel.Settings(
                receive: PooledReceiveAllocator(pool: loop.buffers.streams, pressure: pressure),
                marks: .init(low: limits.resumeAt.bytes, high: limits.streamBuffer.bytes)
            )
        case .tunnel:
            return SocketChannel.Settings(
                receive: PooledReceiveAllocator(pool: loop.buffers.tunnels, pressure: pressure),
                marks: .init(low: CarrierSettings.lowMark, high: CarrierSettings.highMark)
            )
        }
    }

    /// Has the kernel end a connection whose peer acknowledges nothing (RFC 5482).
    ///
    /// Linux counts the time of a closed window too, and a client may hold its reading back for a stalled service.
    private func limitSilence(_ connection: ArrivedConnection) throws(SystemError) {
        guard connection.arrival.peer.address != nil else { return }
        let timeouts = connection.plan.configuration.timeouts
        try SocketOptions.setUserTimeout(timeouts.stall + timeouts.pong, on: connection.arrival.descriptor)
    }

    /// What the table says of a connection.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - decision: its way, one token.
    ///   - phase: where it stands.
    ///   - tunnel: the tunnel that serves it.
    ///   - upstream: the address that serves it.
    /// - Returns: a record with a new identity.
    func record(
        _ connection: ArrivedConnection,
        _ decision: String,
        phase: ConnectionRecord.Phase,
        tunnel: TunnelID? = nil,
        upstream: String? = nil
    ) -> ConnectionRecord {
        ConnectionRecord(
            id: self.rooms.connections.nextID(),
            accepted: connection.arrival.accepted,
            acceptedUnixSeconds: UnixClock.seconds,
            peer: connection.arrival.peer,
            listener: connection.listener.name,
            applicationProtocol: connection.facts.applicationProtocol,
            name: connection.facts.name,
            decision: decision,
            tunnel: tunnel,
            upstream: upstream,
            meters: connection.meters,
            phase: phase
        )
    }
}
