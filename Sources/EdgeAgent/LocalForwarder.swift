import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
import EdgeForwarding
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import Logging
import NIOCore
import NIOPosix

/// Serves the streams of a tunnel from local services: each stream that the relay opens is dialled here.
///
/// Confined to the tunnel's loop. A service that is down gives an http visitor a clear page and any other a closed
/// stream, and a line in the log.
final class LocalForwarder: CarrierOwner {

    private let services: [LocalService]
    private let loop: any EventLoop
    private let buffers: LoopBuffers
    private let logger: Logger
    private let connectTimeout: TimeAmount
    private let onControl: (ControlMessage) -> Void
    private let onEnded: (CloseReason) -> Void

    init(
        services: [LocalService],
        loop: any EventLoop,
        buffers: LoopBuffers,
        connectTimeout: Duration,
        logger: Logger,
        onControl: @escaping (ControlMessage) -> Void,
        onEnded: @escaping (CloseReason) -> Void
    ) {
        self.services = services
        self.loop = loop
        self.buffers = buffers
        self.connectTimeout = TimeAmount(connectTimeout)
        self.logger = logger
        self.onControl = onControl
        self.onEnded = onEnded
    }

    func controlReceived(_ message: ControlMessage) {
        self.onControl(message)
    }

    func carrierEnded(_ reason: CloseReason) {
        self.onEnded(reason)
    }

    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? {
        let name = header.name.flatMap { Hostname($0) }
        let route = LocalRoute(services: self.services)
        guard let target = route.target(of: stream.service, name: name, port: header.servicePort) else {
            self.logger.warning(
                "no local service for a visitor",
                metadata: [
                    "edge.visitor": "\(stream.id)", "edge.service": "\(stream.service)",
                    "edge.name": "\(name?.text ?? "-")",
                ]
            )
            return nil
        }
        let handler = ForwardingHandler(
            settings: ForwardingSettings(),
            buffers: self.buffers,
            meters: ConnectionMeters(),
            isDialing: true
        )
        handler.far = .stream(stream)
        self.dial(target, handler, stream)
        return handler
    }

    private func dial(_ target: SocketEndpoint, _ handler: ForwardingHandler, _ stream: CarrierStream) {
        let settings = handler.settings
        let bootstrap = ClientBootstrap(group: self.loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: PooledReceiveAllocator(pool: self.buffers.streams))
            .channelOption(.writeBufferWaterMark, value: .init(low: settings.lowMark, high: settings.highMark))
            .channelOption(.autoRead, value: false)
            .connectTimeout(self.connectTimeout)
        let dialled: EventLoopFuture<any Channel>
        if let address = target.socketAddress {
            dialled = bootstrap.connect(to: address)
        } else if case .tcp(let host, let port) = target {
            dialled = bootstrap.connect(host: host, port: Int(port))
        } else {
            dialled = self.loop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        dialled.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.connected(channel, handler)
            case .failure(let error): self.refused(target, handler, stream, error)
            }
        }
    }

    /// A name may have several addresses, each tried on a channel of its own: the handler joins the one that is there.
    private func connected(_ channel: any Channel, _ handler: ForwardingHandler) {
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            channel.close(promise: nil)
        }
    }

    /// The service is down: a page for a visitor that speaks HTTP, else the stream fails.
    private func refused(
        _ target: SocketEndpoint,
        _ handler: ForwardingHandler,
        _ stream: CarrierStream,
        _ error: any Error
    ) {
        self.logger.warning(
            "local service refused",
            metadata: [
                "edge.visitor": "\(stream.id)", "edge.target": "\(target)", "reason": "connect_failed",
                "error": "\(error)",
            ]
        )
        if stream.service == .http {
            var page = ByteBuffer(repeating: 0, count: LoopBuffers.headroom)
            page.moveReaderIndex(forwardBy: LoopBuffers.headroom)
            page.writeString(Self.page)
            stream.send(&page)
            stream.localEnded()
            // The page is the answer; that the service failed is not told as well.
            handler.far = .nothing
        }
        handler.dialFailed(.connectFailed)
    }

    /// What a visitor reads whose service is down.
    private static var page: String {
        let body = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>502 Bad Gateway</title>
            <h1>502 Bad Gateway</h1>
            <p>The tunnel is connected, but its local service does not accept connections. Start the service, then try
            again.</p>
            <p><code>reason=connect_failed</code></p></html>

            """
        return "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n\(body)"
    }
}
