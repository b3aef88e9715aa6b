import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOPosix
import Testing

/// A service at the far end of a tunnel that says everything back.
private final class EchoOwner: CarrierOwner {

    final class Echo: StreamEnd {
        var taken: Int? { nil }

        private let stream: CarrierStream
        private var kept: [ByteBuffer] = []

        init(_ stream: CarrierStream) {
            self.stream = stream
        }

        func deliver(_ bytes: ByteBuffer) {
            self.kept.append(bytes)
        }

        func flush() {
            for bytes in self.kept {
                var copy = ByteBuffer(buffer: bytes)
                self.stream.send(&copy)
            }
            self.kept = []
        }

        func endOutput() {
            self.flush()
            self.stream.localEnded()
        }

        func finish(_ reason: CloseReason) {}
        func reset(_ reason: CloseReason) {}
        func resumeReading() {}
    }

    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? { Echo(stream) }
    func controlReceived(_ message: ControlMessage) {}
    func carrierEnded(_ reason: CloseReason) {}
}

/// What a client reads until the end.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<[UInt8]>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.bytes += Array(self.unwrapInboundIn(data).readableBytesView)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return }
        self.promise.succeed(self.bytes)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.promise.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.promise.succeed(self.bytes)
    }
}

@Suite("A visitor and a tunnel on two threads", .timeLimit(.minutes(1)))
struct HoppingOverThreadsTests {
    @Test
    func megabytesComeBackInOrderAndTheVisitorIsClosed() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let outcome: [UInt8]
        let sent = pattern(6 << 20)
        do {
            outcome = try await self.echo(sent, visitorLoop: group.next(), tunnelLoop: group.next())
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        #expect(outcome == sent)
    }

    private func echo(_ bytes: [UInt8], visitorLoop: any EventLoop, tunnelLoop: any EventLoop) async throws -> [UInt8] {
        let carrier = try await self.tunnel(on: tunnelLoop)
        let listener = try await ServerBootstrap(group: visitorLoop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ForwardingHandler(
                        settings: ForwardingSettings(),
                        buffers: LoopBuffers(),
                        meters: ConnectionMeters()
                    )
                    HoppingFarSide.join(handler, on: channel.eventLoop, to: tunnelLoop) {
                        carrier.value.openStream(peer: .local, service: .tcp, servicePort: 1, name: nil)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let collected = visitorLoop.makePromise(of: [UInt8].self)
        let client = try await ClientBootstrap(group: visitorLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(collected))
                }
            }
            .connect(to: #require(listener.localAddress)).get()
        try await client.writeAndFlush(ByteBuffer(bytes: bytes))
        try await client.close(mode: .output)
        let outcome = try await collected.futureResult.get()
        try await listener.close()
        return outcome
    }

    /// A relay's carrier and an echoing agent's over a connection of the loop.
    private func tunnel(on loop: any EventLoop) async throws -> NIOLoopBound<TunnelCarrierHandler> {
        let agent = try await ServerBootstrap(group: loop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let carrier = TunnelCarrierHandler(
                        settings: CarrierSettings(side: .agent, profile: .own),
                        engine: nil,
                        buffers: LoopBuffers(),
                        meters: ConnectionMeters(),
                        pulse: CarrierPulse(start: .now),
                        now: .now
                    )
                    try channel.pipeline.syncOperations.addHandler(carrier)
                    carrier.start(owner: EchoOwner(), plaintext: ByteBuffer())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let relay = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(to: #require(agent.localAddress)).get()
        return try await loop.submit {
            let carrier = TunnelCarrierHandler(
                settings: CarrierSettings(side: .relay, profile: .own),
                engine: nil,
                buffers: LoopBuffers(),
                meters: ConnectionMeters(),
                pulse: CarrierPulse(start: .now),
                now: .now
            )
            try relay.pipeline.syncOperations.addHandler(carrier)
            return NIOLoopBound(carrier, eventLoop: loop)
        }.get()
    }
}
