import EdgeMetering
import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

/// What reached the pipeline behind the handler, and what it asked for.
private final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var plaintext: [UInt8] = []
    var events: [String] = []
    var onRead: ((ChannelHandlerContext) -> Void)?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.plaintext += self.unwrapInboundIn(data).readableBytesView
        self.events.append("read")
        self.onRead?(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.events.append("complete")
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let completed as TLSHandshakeCompleted:
            self.events.append("handshake \(completed.summary.version.rawValue)")
        case ChannelEvent.inputClosed: self.events.append("input closed")
        default: self.events.append("other")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.events.append("error \(error)")
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.events.append("inactive")
    }
}

/// What left the handler toward the socket.
private final class Wire: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var writes = 0
    var reads = 0
    var closes: [String] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.writes += 1
        context.write(data, promise: promise)
    }

    func read(context: ChannelHandlerContext) {
        self.reads += 1
        context.read()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.closes.append("\(mode)")
        if mode == .all { context.close(promise: promise) } else { promise?.succeed() }
    }
}

@Suite
struct TLSServerHandlerTests {
    /// A client's engine before a channel with the handler.
    private struct Setup {
        let client: TLSEngine
        let channel: EmbeddedChannel
        let recorder = Recorder()
        let wire = Wire()
        let meters = ConnectionMeters()

        init(shakesHands: Bool = true) throws {
            let pair = try EnginePair()
            self.client = pair.client
            self.channel = EmbeddedChannel()
            let handler = TLSServerHandler(engine: pair.server, meters: self.meters)
            try self.channel.pipeline.syncOperations.addHandlers([self.wire, handler, self.recorder])
            self.channel.connect(to: try SocketAddress(unixDomainSocketPath: "/local"), promise: nil)
            guard shakesHands else { return }
            try self.client.startHandshake()
            while self.client.hasPendingOutput {
                try self.channel.writeInbound(ByteBuffer(bytes: self.client.takePendingOutput()))
                _ = self.client.receive(try self.fromServer())
            }
        }

        /// Every byte that left the channel since the last call.
        func fromServer() throws -> [UInt8] {
            var bytes: [UInt8] = []
            while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
            return bytes
        }

        /// Gives the channel bytes from the client.
        func toServer(_ bytes: [UInt8]) throws {
            try self.channel.writeInbound(ByteBuffer(bytes: bytes))
        }

        func finish() {
            _ = try? self.channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test
    func theHandshakeIsToldToThePipelineBehind() throws {
        let setup = try Setup()
        defer { setup.finish() }
        #expect(setup.client.isHandshakeComplete)
        #expect(setup.recorder.events.filter { $0 != "complete" } == ["handshake 1.3"])
    }

    @Test
    func plaintextGoesBothWays() throws {
        let setup = try Setup()
        defer { setup.finish() }
        let message = pattern(100_000)
        try setup.toServer(try setup.client.send(message))
        #expect(setup.recorder.plaintext == message)
        #expect(setup.recorder.events.last == "complete")
        setup.channel.writeAndFlush(ByteBuffer(bytes: message), promise: nil)
        #expect(setup.client.receive(try setup.fromServer()).plaintext == message)
    }

    @Test
    func everyPieceOfCiphertextGivesTheSamePlaintext() throws {
        let setup = try Setup()
        defer { setup.finish() }
        let message = pattern(20_000)
        for byte in try setup.client.send(message) { try setup.toServer([byte]) }
        #expect(setup.recorder.plaintext == message)
    }

    @Test
    func writesLeaveAtTheFlushInOneWrite() throws {
        let setup = try Setup()
        defer { setup.finish() }
        let before = setup.wire.writes
        let promises = (0..<3).map { _ in setup.channel.eventLoop.makePromise(of: Void.self) }
        var fulfilled = 0
        for promise in promises { promise.futureResult.assumeIsolated().whenSuccess { fulfilled += 1 } }
        setup.channel.write(ByteBuffer(bytes: [1, 2]), promise: promises[0])
        setup.channel.write(ByteBuffer(), promise: promises[1])
        setup.channel.write(ByteBuffer(bytes: pattern(20_000)), promise: promises[2])
        #expect(setup.wire.writes == before)
        #expect(fulfilled == 0)
        setup.channel.flush()
        #expect(setup.wire.writes == before + 1)
        #expect(fulfilled == 3)
        #expect(setup.client.receive(try setup.fromServer()).plaintext == [1, 2] + pattern(20_000))
    }

    @Test
    func smallWritesShareARecord() throws {
        let setup = try Setup()
        defer { setup.finish() }
        for byte in UInt8(0)..<10 { setup.channel.write(ByteBuffer(bytes: [byte]), promise: nil) }
        setup.channel.flush()
        let bytes = try setup.fromServer()
        // One record of TLS 1.3: header 5, content type 1, tag 16.
        #expect(bytes.count == 10 + 22)
        #expect(setup.client.receive(bytes).plaintext == Array(0..<10))
    }

    @Test
    func writesBeforeTheHandshakeWait() throws {
        let setup = try Setup(shakesHands: false)
        defer { setup.finish() }
        setup.channel.writeAndFlush(ByteBuffer(bytes: [9]), promise: nil)
        #expect(try setup.fromServer().isEmpty)
        try setup.client.startHandshake()
        var received: [UInt8] = []
        while setup.client.hasPendingOutput {
            try setup.toServer(setup.client.takePendingOutput())
            received += setup.client.receive(try setup.fromServer()).plaintext
        }
        #expect(received == [9])
    }

    @Test
    func closeNotifyIsTheEndOfInput() throws {
        let setup = try Setup()
        defer { setup.finish() }
        let last = try setup.client.send([1])
        setup.client.shutdown()
        try setup.toServer(last + setup.client.takePendingOutput())
        #expect(setup.recorder.plaintext == [1])
        #expect(setup.recorder.events.filter { $0 != "complete" }.suffix(2) == ["read", "input closed"])
        setup.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(setup.recorder.events.filter { $0 == "input closed" }.count == 1)
        setup.channel.writeAndFlush(ByteBuffer(bytes: [2]), promise: nil)
        #expect(setup.client.receive(try setup.fromServer()).plaintext == [2])
    }

    @Test
    func anEndWithoutCloseNotifyIsAnError() throws {
        let setup = try Setup()
        defer { setup.finish() }
        setup.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(setup.recorder.events.suffix(2) == ["error \(TLSError.truncated)", "input closed"])
    }

    @Test
    func aConnectionThatVanishesIsAnError() throws {
        let setup = try Setup()
        setup.channel.pipeline.fireChannelInactive()
        #expect(setup.recorder.events.suffix(2) == ["error \(TLSError.truncated)", "inactive"])
        setup.finish()
    }

    @Test
    func closingTheOutputSaysCloseNotifyFirst() throws {
        let setup = try Setup()
        defer { setup.finish() }
        setup.channel.write(ByteBuffer(bytes: [5]), promise: nil)
        setup.channel.close(mode: .output, promise: nil)
        #expect(setup.client.receive(try setup.fromServer()) == Received(plaintext: [5], outcome: .closed))
        #expect(setup.wire.closes == ["output"])
        try setup.toServer(try setup.client.send([6]))
        #expect(setup.recorder.plaintext == [6])
    }

    @Test
    func closingSaysCloseNotifyFirst() throws {
        let setup = try Setup()
        setup.channel.writeAndFlush(ByteBuffer(bytes: [5]), promise: nil)
        setup.channel.close(promise: nil)
        #expect(setup.client.receive(try setup.fromServer()) == Received(plaintext: [5], outcome: .closed))
        #expect(setup.wire.closes == ["all"])
        #expect(!setup.channel.isActive)
        #expect(!setup.recorder.events.contains("error \(TLSError.truncated)"))
        setup.finish()
    }

    @Test
    func garbageIsAnErrorAndCloses() throws {
        let setup = try Setup(shakesHands: false)
        try setup.toServer([0x16, 3, 1, 0, 4, 1, 0, 0, 0])
        #expect(setup.recorder.events.contains { $0.hasPrefix("error the TLS handshake failed") })
        #expect(try setup.fromServer().first == 21)
        #expect(setup.wire.closes == ["all"])
        #expect(!setup.channel.isActive)
        setup.finish()
    }

    @Test
    func aPipelineThatClosesWhileItReadsGetsNoMore() throws {
        let setup = try Setup()
        setup.recorder.onRead = { $0.close(promise: nil) }
        try setup.toServer(try setup.client.send(pattern(10)) + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(setup.recorder.plaintext == pattern(10))
        #expect(setup.recorder.events.filter { $0.hasPrefix("error") }.isEmpty)
        setup.finish()
    }

    @Test
    func aReadThatBroughtNoPlaintextIsRepeated() throws {
        let setup = try Setup()
        defer { setup.finish() }
        setup.channel.read()
        let before = setup.wire.reads
        let ciphertext = try setup.client.send([1])
        try setup.toServer(Array(ciphertext.prefix(7)))
        #expect(setup.wire.reads == before + 1)
        try setup.toServer(Array(ciphertext.dropFirst(7)))
        #expect(setup.recorder.plaintext == [1])
        #expect(setup.wire.reads == before + 1)
    }

    @Test
    func metersCountCiphertextAndPlaintext() throws {
        let setup = try Setup()
        defer { setup.finish() }
        let handshake = setup.meters.raw
        #expect(handshake.received > 0 && handshake.sent > 0)
        #expect(setup.meters.payload == MeterReading(received: 0, sent: 0))
        let ciphertext = try setup.client.send(pattern(100))
        try setup.toServer(ciphertext)
        setup.channel.writeAndFlush(ByteBuffer(bytes: pattern(50)), promise: nil)
        let sent = try setup.fromServer().count
        #expect(setup.meters.raw.received == handshake.received + UInt64(ciphertext.count))
        #expect(setup.meters.raw.sent == handshake.sent + UInt64(sent))
        #expect(setup.meters.payload == MeterReading(received: 100, sent: 50))
    }
}
