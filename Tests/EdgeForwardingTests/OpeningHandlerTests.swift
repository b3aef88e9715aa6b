import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTLS
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

/// A connection that is being opened, and what its owner decided and was told.
final class OpeningConnection {
    let channel: EmbeddedChannel
    let loop: EmbeddedEventLoop
    let valve = Valve()
    let meters = ConnectionMeters()
    var verdict: (ByteBuffer) -> OpeningHandler.Verdict = { _ in .wait }
    private(set) var asked: [[UInt8]] = []
    private(set) var summaries: [TLSHandshakeSummary?] = []
    private(set) var ended: [CloseReason] = []

    init(engine: TLSEngine? = nil, limit: Int = 1000, greeting: [UInt8]? = nil) throws {
        let loop = EmbeddedEventLoop()
        self.loop = loop
        self.channel = EmbeddedChannel(handler: self.valve, loop: loop)
        let handler = OpeningHandler(
            engine: engine,
            buffers: LoopBuffers(),
            meters: self.meters,
            limit: limit,
            deadline: .seconds(10),
            greeting: greeting,
            decide: { [weak self] plaintext, summary in
                guard let self else { return .wait }
                self.asked.append(Array(plaintext.readableBytesView))
                self.summaries.append(summary)
                return self.verdict(plaintext)
            },
            ended: { [weak self] in self?.ended.append($0) }
        )
        try self.channel.pipeline.syncOperations.addHandler(handler)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
    }

    var isOpen: Bool { self.channel.isActive }

    func receive(_ bytes: [UInt8]) {
        self.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        self.channel.pipeline.fireChannelReadComplete()
    }

    func sent() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return bytes
    }
}

@Suite("The first part of a connection whose plaintext decides")
struct OpeningHandlerTests {
    @Test
    func theOwnerIsAskedWithAllThatCameUntilItHasSeenEnough() throws {
        let connection = try OpeningConnection()
        let upstream = try ForwardedChannel(loop: connection.loop)
        connection.verdict = { plaintext in
            guard plaintext.readableBytes >= 4 else { return .wait }
            return .open { opening in
                let handler = opening.forwardingHandler(settings: ForwardingSettings(), buffers: LoopBuffers())
                handler.far = .splice(upstream.handler)
                upstream.handler.far = .splice(handler)
                opening.start(handler)
            }
        }
        connection.receive([1, 2])
        #expect(try upstream.sent().isEmpty)
        connection.receive([3, 4, 5])
        #expect(connection.asked == [[1, 2], [1, 2, 3, 4, 5]])
        #expect(try upstream.sent() == [1, 2, 3, 4, 5])
        connection.receive([6])
        #expect(try upstream.sent() == [6])
        upstream.receive([7])
        #expect(try connection.sent() == [7])
        connection.loop.advanceTime(by: .seconds(60))
        #expect(connection.isOpen && connection.ended.isEmpty)
        #expect(connection.meters.raw == MeterReading(received: 6, sent: 1))
        #expect(connection.meters.payload == MeterReading(received: 6, sent: 1))
    }

    @Test
    func anAnswerIsSentAndThePeerIsReadAwayBeforeTheClose() throws {
        let connection = try OpeningConnection()
        connection.verdict = { _ in .answer([8, 9], .answered) }
        connection.receive([1])
        #expect(try connection.sent() == [8, 9])
        #expect(connection.ended == [.answered])
        #expect(connection.isOpen && connection.valve.closes == [.output])
        connection.receive([2])
        #expect(connection.asked.count == 1)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!connection.isOpen && connection.ended == [.answered])
    }

    @Test
    func aPeerThatSpeaksOnBehindItsAnswerIsClosedAfterAWhile() throws {
        let connection = try OpeningConnection()
        connection.verdict = { _ in .answer([8], .answered) }
        connection.receive([1])
        connection.loop.advanceTime(by: .milliseconds(999))
        #expect(connection.isOpen)
        connection.loop.advanceTime(by: .milliseconds(1))
        #expect(!connection.isOpen)
        let flood = try OpeningConnection()
        flood.verdict = { _ in .answer([8], .answered) }
        flood.receive([1])
        flood.receive(pattern(65_536))
        #expect(flood.isOpen)
        flood.receive([1])
        #expect(!flood.isOpen)
    }

    @Test
    func noAnswerClosesAtOnce() throws {
        let connection = try OpeningConnection()
        connection.verdict = { _ in .answer([], .unknownName) }
        connection.receive([1])
        #expect(!connection.isOpen && connection.ended == [.unknownName])
    }

    @Test
    func moreThanTheLimitWithoutADecisionIsTooMuch() throws {
        let connection = try OpeningConnection(limit: 10)
        connection.receive(pattern(10))
        #expect(connection.isOpen)
        connection.receive([1])
        #expect(!connection.isOpen && connection.ended == [.prefaceTooLarge])
    }

    @Test
    func aPeerThatDoesNotSayEnoughInTimeIsClosed() throws {
        let connection = try OpeningConnection()
        connection.receive([1])
        connection.loop.advanceTime(by: .milliseconds(9999))
        #expect(connection.isOpen)
        connection.loop.advanceTime(by: .milliseconds(1))
        #expect(!connection.isOpen && connection.ended == [.sniffTimeout])
    }

    @Test
    func aPeerThatLeavesIsToldOnce() throws {
        let connection = try OpeningConnection()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!connection.isOpen && connection.ended == [.downstreamClosed])
        let other = try OpeningConnection()
        other.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        #expect(!other.isOpen && other.ended == [.downstreamReset])
    }

    @Test
    func theSideThatDialledSpeaksFirst() throws {
        let connection = try OpeningConnection(greeting: [1, 2, 3])
        #expect(try connection.sent() == [1, 2, 3])
        #expect(connection.meters.raw.sent == 3 && connection.asked.isEmpty)
    }

    @Test(arguments: [1, 100, .max])
    func overTLSTheGreetingAndTheAnswerFollowTheHandshake(cut: Int) throws {
        let engines = try TestEngines.fresh()
        let server = try OpeningConnection(engine: engines.server)
        let client = try OpeningConnection(engine: engines.client, greeting: pattern(20))
        server.verdict = { $0.readableBytes < 20 ? .wait : .answer([5, 5], .answered) }
        for _ in 0..<10 {
            try Self.carry(from: client, to: server, cut: cut)
            try Self.carry(from: server, to: client, cut: cut)
        }
        #expect(server.asked.last == pattern(20))
        #expect(server.summaries.last??.applicationProtocol != nil)
        #expect(client.asked.last == [5, 5])
        #expect(server.ended == [.answered])
        #expect(client.ended == [.downstreamClosed], "close_notify ends it")
        #expect(client.meters.raw.sent == server.meters.raw.received)
        #expect(client.meters.raw.received == server.meters.raw.sent)
    }

    @Test
    func aHandshakeThatFailsOrDoesNotEndIsClosed() throws {
        let slow = try OpeningConnection(engine: TestEngines.fresh().server)
        slow.loop.advanceTime(by: .seconds(10))
        #expect(!slow.isOpen && slow.ended == [.handshakeTimeout])
        let foreign = try OpeningConnection(engine: TestEngines.fresh().server)
        foreign.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(!foreign.isOpen && foreign.ended == [.handshakeFailed])
        #expect(foreign.asked.isEmpty)
    }

    @Test
    func aCloseNotifyThatCameWithTheFirstPlaintextIsToldToTheFarSide() throws {
        let engines = try TestEngines.fresh()
        let server = try OpeningConnection(engine: engines.server)
        let upstream = try ForwardedChannel(loop: server.loop)
        server.verdict = { plaintext in
            guard plaintext.readableBytes > 0 else { return .wait }
            return .open { opening in
                let handler = opening.forwardingHandler(settings: ForwardingSettings(), buffers: LoopBuffers())
                handler.far = .splice(upstream.handler)
                upstream.handler.far = .splice(handler)
                opening.start(handler)
            }
        }
        try engines.client.startHandshake()
        server.receive(engines.client.takePendingOutput())
        _ = engines.client.opened(try server.sent())
        let last = try engines.client.sealed([1, 2, 3])
        engines.client.shutdown()
        server.receive(last + engines.client.takePendingOutput())
        #expect(try upstream.sent() == [1, 2, 3])
        #expect(upstream.valve.closes == [.output])
        upstream.receive([4])
        upstream.receiveEnd()
        #expect(engines.client.opened(try server.sent()).plaintext == [4])
        #expect(!server.isOpen && !upstream.isOpen)
    }

    private static func carry(from one: OpeningConnection, to other: OpeningConnection, cut: Int) throws {
        var rest = try one.sent()[...]
        while !rest.isEmpty, other.isOpen {
            other.receive(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
        }
    }
}
