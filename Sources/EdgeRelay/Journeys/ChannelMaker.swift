import EdgeChannels
import EdgeConnections
import EdgeForwarding
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore
import NIOPosix
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
    ///   - setUp: builds the pipeline, on the loop; what it throws closes the channel.
    func make(
        _ connection: ArrivedConnection,
        on loop: RelayLoop,
        reads: Reads,
        record: ConnectionRecord,
        setUp: @escaping @Sendable (any Channel) throws -> Void
    ) {
        let rooms = self.rooms
        let settings = rooms.forwardingSettings(connection.plan)
        rooms.connections.insert(record)
        loop.load.connections.add(1, ordering: .relaxed)
        connection.listener.accepted.add(1, ordering: .relaxed)
        let pool = reads == .visitor ? loop.buffers.streams : loop.buffers.tunnels
        let marks = reads == .visitor
            ? ChannelOptions.Types.WriteBufferWaterMark(low: settings.lowMark, high: settings.highMark)
            : ChannelOptions.Types.WriteBufferWaterMark(low: 256 << 10, high: 512 << 10)
        ClientBootstrap(group: loop.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: PooledReceiveAllocator(pool: pool))
            .channelOption(.writeBufferWaterMark, value: marks)
            .channelInitializer { channel in
                channel.closeFuture.whenComplete { _ in loop.load.connections.subtract(1, ordering: .relaxed) }
                return channel.eventLoop.makeCompletedFuture { try setUp(channel) }
            }
            .withConnectedSocket(connection.arrival.descriptor)
            .whenFailure { error in
                rooms.logger.debug(
                    "connection could not be taken over",
                    metadata: ["edge.peer": "\(connection.arrival.peer)", "error": "\(error)"]
                )
                rooms.ended(connection, record.id, .internalError)
            }
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
            listener: connection.listener.bound.description,
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
