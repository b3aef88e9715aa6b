import EdgeChannels
import EdgeConfiguration
import EdgeForwarding
import EdgeMetering
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore
import NIOPosix

/// Dials a fixed address for a visitor; what the visitor says meanwhile waits in the handler that comes back at once.
struct UpstreamDialer {
    let rooms: RelayRooms
    let connection: ArrivedConnection

    /// Dials.
    ///
    /// - Parameters:
    ///   - endpoint: the address.
    ///   - visitor: the visitor's handler, on the same loop.
    ///   - loop: the loop of both.
    ///   - isPage: whether the visitor reads HTTP, so that a failure is told by a page.
    /// - Returns: the handler of the dialled channel, joined to the visitor's.
    func dial(
        _ endpoint: SocketEndpoint,
        for visitor: ForwardingHandler,
        on loop: any EventLoop,
        isPage: Bool
    ) -> ForwardingHandler {
        let plan = self.connection.plan
        let settings = self.rooms.forwardingSettings(plan)
        let buffers = self.rooms.buffers(of: loop)
        let upstream = ForwardingHandler(
            settings: settings,
            buffers: buffers,
            meters: ConnectionMeters(),
            isDialing: true
        )
        upstream.far = .splice(visitor)
        let bound = NIOLoopBound(upstream, eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: PooledReceiveAllocator(pool: buffers.streams))
            .channelOption(.writeBufferWaterMark, value: .init(low: settings.lowMark, high: settings.highMark))
            .connectTimeout(TimeAmount(plan.configuration.timeouts.connect))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
            }
        let dialled: EventLoopFuture<any Channel>
        if let address = endpoint.socketAddress {
            dialled = bootstrap.connect(to: address)
        } else if case .tcp(let host, let port) = endpoint {
            dialled = bootstrap.connect(host: host, port: Int(port))
        } else {
            dialled = loop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let (rooms, connection) = (self.rooms, self.connection)
        dialled.assumeIsolated().whenFailure { error in
            let reason: CloseReason = error is ChannelError ? .connectTimeout : .connectFailed
            rooms.logger.info(
                "upstream refused",
                metadata: [
                    "edge.peer": "\(connection.arrival.peer)", "edge.upstream": "\(endpoint)",
                    "reason": "\(reason.rawValue)", "error": "\(error)",
                ]
            )
            let facts = connection.facts
            let answer =
                isPage ? LateRefusal.page(facts, reason).bytes(asJSON: false) : LateRefusal.bytes(facts, reason)
            upstream.far = .nothing
            visitor.deliver(ByteBuffer(bytes: answer))
            visitor.finish(reason)
            upstream.dialFailed(reason)
        }
        return upstream
    }
}
