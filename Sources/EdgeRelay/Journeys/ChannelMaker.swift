import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
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
            // On the loop from here on: what follows is done at once, without a future that crosses threads.
            ClientBootstrap(group: loop.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try maker.configure(channel, connection, loop, reads, pressure)
                        try setUp(channel)
                    }
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
    }

    /// Sets what a channel of its kind has, by direct calls.
    private func configure(
        _ channel: any Channel,
        _ connection: ArrivedConnection,
        _ loop: RelayLoop,
        _ reads: Reads,
        _ pressure: ReadPressure?
    ) throws {
        guard let options = channel.syncOptions else { throw ChannelError.operationUnsupported }
        let marks: ChannelOptions.Types.WriteBufferWaterMark
        let pool: BufferPool
        switch reads {
        case .visitor:
            let settings = self.rooms.forwardingSettings(connection.plan)
            marks = ChannelOptions.Types.WriteBufferWaterMark(low: settings.lowMark, high: settings.highMark)
            pool = loop.buffers.streams
        case .tunnel:
            marks = ChannelOptions.Types.WriteBufferWaterMark(
                low: CarrierSettings.lowMark,
                high: CarrierSettings.highMark
            )
            pool = loop.buffers.tunnels
            // What a dead peer does not acknowledge ends the connection (RFC 5482). Linux counts the time of a closed
            // window too, and a client may hold its reading back for a stalled service.
            guard connection.arrival.peer.address != nil else { break }
            let timeouts = connection.plan.configuration.timeouts
            try SocketOptions.setUserTimeout(timeouts.stall + timeouts.pong, on: connection.arrival.descriptor)
        }
        try options.setOption(.allowRemoteHalfClosure, value: true)
        try options.setOption(.maxMessagesPerRead, value: 1)
        try options.setOption(.recvAllocator, value: PooledReceiveAllocator(pool: pool, pressure: pressure))
        try options.setOption(.writeBufferWaterMark, value: marks)
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            loop.load.connections.subtract(1, ordering: .relaxed)
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
