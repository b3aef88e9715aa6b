import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// The far end of a tunnel, which reads when it is let and counts what each stream brought.
private final class SlowPeer: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// Bytes by the visitor's port.
    private(set) var counts: [UInt16: Int] = [:]
    private(set) var total = 0
    /// Called after each read.
    var onRead: (() -> Void)?
    private var decoder = WebSocketFrameDecoder(expectsMask: false, limits: WebSocketLimits(message: 1 << 20))
    private var unpacker = TunnelUnpacker(limits: TunnelLimits(), readsNames: false)
    private var port: UInt16 = 0
    private var mayRead = false
    private var isReadHeld = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.onRead = nil
    }

    /// Lets it read from here on.
    func begin() {
        self.mayRead = true
        guard self.isReadHeld else { return }
        self.context?.read()
    }

    func read(context: ChannelHandlerContext) {
        if self.mayRead { context.read() } else { self.isReadHeld = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        do {
            try self.count(&buffer)
        } catch {
            Issue.record(error)
        }
        self.onRead?()
    }

    private func count(_ buffer: inout ByteBuffer) throws {
        var span = buffer.mutableReadableBytesSpan
        var offset = 0
        while case .data(let range, _, _) = try self.decoder.next(in: &span, offset: &offset) {
            var position = range.lowerBound
            unpacking: while true {
                switch try self.unpacker.next(in: span.bytes, offset: &position, end: range.upperBound) {
                case .needsBytes: break unpacking
                case .packet(let header): self.port = header.streamID?.port ?? 0
                case .body(let body, _):
                    self.counts[self.port, default: 0] += body.count
                    self.total += body.count
                }
            }
        }
    }
}

@Suite("Many uploads into one slow tunnel, over sockets", .timeLimit(.minutes(1)))
struct FullTunnelTests {
    /// A tunnel between two sockets of one loop, and the port where its visitors arrive.
    private struct Site: Sendable {
        let peer: NIOLoopBound<SlowPeer>
        let tunnel: any Channel
        let pulse: CarrierPulse
        let address: SocketAddress
    }

    private func site(on loop: any EventLoop) async throws -> Site {
        let buffers = LoopBuffers()
        let accepted = loop.makePromise(of: NIOLoopBound<SlowPeer>.self)
        let far = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = SlowPeer()
                    try channel.pipeline.syncOperations.addHandler(peer)
                    accepted.succeed(NIOLoopBound(peer, eventLoop: channel.eventLoop))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let marks = ChannelOptions.Types.WriteBufferWaterMark(
            low: CarrierSettings.lowMark,
            high: CarrierSettings.highMark
        )
        let tunnel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.writeBufferWaterMark, value: marks)
            .channelOption(.socketOption(.so_sndbuf), value: 65_536)
            .connect(to: #require(far.localAddress)).get()
        let pulse = CarrierPulse(start: .now)
        let carrier = try await loop.submit {
            let carrier = TunnelCarrierHandler(
                settings: CarrierSettings(side: .relay, profile: .telebitGo),
                engine: nil,
                buffers: buffers,
                meters: ConnectionMeters(),
                pulse: pulse,
                now: .now
            )
            try tunnel.pipeline.syncOperations.addHandler(carrier)
            return NIOLoopBound(carrier, eventLoop: loop)
        }.get()
        let allocator = PooledReceiveAllocator(pool: buffers.streams, pressure: pulse.pressure)
        let listener = try await ServerBootstrap(group: loop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ForwardingHandler(
                        settings: ForwardingSettings(),
                        buffers: buffers,
                        meters: ConnectionMeters()
                    )
                    let peer = PeerAddress(
                        address: NetworkAddress(ipv4: 0x7F00_0001),
                        port: UInt16(channel.remoteAddress?.port ?? 0)
                    )
                    let opened = carrier.value.openStream(peer: peer, service: .tcp, servicePort: 1, name: nil)
                    let stream = try #require(opened)
                    handler.far = .stream(stream)
                    stream.attach(handler)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Site(
            peer: try await accepted.futureResult.get(),
            tunnel: tunnel,
            pulse: pulse,
            address: try #require(listener.localAddress)
        )
    }

    /// A visitor who sends bytes as fast as they are taken.
    private func visit(_ site: Site, on loop: any EventLoop, sending count: Int) async throws -> UInt16 {
        let channel = try await ClientBootstrap(group: loop).connect(to: site.address).get()
        channel.writeAndFlush(ByteBuffer(repeating: 7, count: count), promise: nil)
        return UInt16(try #require(channel.localAddress?.port))
    }

    @Test
    func everyoneIsServedAlikeASmallRequestSoonAndTheQueueStaysShort() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            try await self.run(tunnelLoop: group.next(), visitorLoop: group.next())
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func run(tunnelLoop: any EventLoop, visitorLoop: any EventLoop) async throws {
        let visitors = 60
        let each = 4 << 20
        let site = try await self.site(on: tunnelLoop)
        var bulk: [UInt16] = []
        for _ in 0..<visitors { bulk.append(try await self.visit(site, on: visitorLoop, sending: each)) }
        // The tunnel is full once nothing of it is read.
        while !site.pulse.pressure.isRaised {
            try await tunnelLoop.scheduleTask(in: .milliseconds(1)) {}.futureResult.get()
        }
        let small = try await self.visit(site, on: visitorLoop, sending: 100)

        struct Seen: Sendable {
            var beforeSmall = 0
            var atQuarter: [UInt16: Int] = [:]
            var atHalf: [UInt16: Int] = [:]
            var longestQueue = 0
        }
        let finished = tunnelLoop.makePromise(of: Seen.self)
        try await tunnelLoop.submit {
            let peer = site.peer.value
            var seen = Seen()
            peer.onRead = { [unowned peer] in
                let waiting = try? site.tunnel.syncOptions?.getOption(.bufferedWritableBytes)
                seen.longestQueue = max(seen.longestQueue, waiting ?? 0)
                if seen.beforeSmall == 0, peer.counts[small] != nil { seen.beforeSmall = peer.total }
                if seen.atQuarter.isEmpty, peer.total > visitors * each / 4 { seen.atQuarter = peer.counts }
                if seen.atHalf.isEmpty, peer.total > visitors * each / 2 { seen.atHalf = peer.counts }
                if peer.total == visitors * each + 100 { finished.succeed(seen) }
            }
            peer.begin()
        }.get()
        let seen = try await finished.futureResult.get()

        // Who came first has sent more while the tunnel was not full yet: that is not looked at.
        let shares = bulk.map { (seen.atHalf[$0] ?? 0) - (seen.atQuarter[$0] ?? 0) }
        let least = try #require(shares.min())
        let most = try #require(shares.max())
        #expect(least > 0 && most <= 3 * least, "\(least) to \(most)")
        #expect(seen.beforeSmall < visitors * each / 4, "\(seen.beforeSmall) bytes went before it")
        #expect(seen.longestQueue <= CarrierSettings.highMark + 2 * LoopBuffers.tunnelRead, "\(seen.longestQueue)")
    }
}
