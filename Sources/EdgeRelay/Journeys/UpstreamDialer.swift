import EdgeChannels
import EdgeConfiguration
import EdgeForwarding
import EdgeMetering
import EdgeSockets
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore

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
        on loop: RelayLoop,
        isPage: Bool
    ) -> ForwardingHandler {
        let plan = self.connection.plan
        let settings = self.rooms.forwardingSettings(plan)
        let upstream = ForwardingHandler(
            settings: settings,
            buffers: loop.buffers,
            meters: ConnectionMeters(),
            isDialing: true
        )
        upstream.far = .splice(visitor)
        let dialer = SocketDialer(
            on: loop.eventLoop,
            settings: SocketChannel.Settings(
                receive: PooledReceiveAllocator(pool: loop.buffers.streams),
                marks: .init(low: settings.lowMark, high: settings.highMark)
            ),
            timeout: TimeAmount(plan.configuration.timeouts.connect)
        ) { channel in
            try channel.pipeline.syncOperations.addHandler(upstream)
        }
        self.dial(endpoint, with: dialer, on: loop.eventLoop)
        let (rooms, connection) = (self.rooms, self.connection)
        dialer.result.assumeIsolated().whenFailure { error in
            let reason = Self.reason(of: error)
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

    /// Dials the addresses of an endpoint; a name is looked up first.
    private func dial(_ endpoint: SocketEndpoint, with dialer: SocketDialer, on loop: SocketEventLoop) {
        switch endpoint {
        case .unix(let path):
            dialer.dial([.path(path)])
        case .inherited:
            dialer.fail(ChannelError.operationUnsupported)
        case .tcp(let host, let port):
            if let address = NetworkAddress(host) {
                dialer.dial([.tcp(address, port: port)])
                return
            }
            dialer.begin()
            self.rooms.names.addresses(of: host, on: loop).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let addresses): dialer.dial(addresses.map { .tcp($0, port: port) })
                case .failure(let error): dialer.fail(error)
                }
            }
        }
    }

    private static func reason(of error: any Error) -> CloseReason {
        if case .connectTimeout? = error as? ChannelError { return .connectTimeout }
        return .connectFailed
    }
}
