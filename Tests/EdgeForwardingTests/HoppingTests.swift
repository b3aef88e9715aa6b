import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

/// A visitor on one loop and its tunnel on another, both stepped by hand.
final class Hop {
    let visitorLoop = EmbeddedEventLoop()
    let tunnelLoop = EmbeddedEventLoop()
    let visitor: ForwardedChannel
    let tunnel: EmbeddedChannel
    let carrier: TunnelCarrierHandler
    private var wire = TunnelWire(masked: false)
    private var label: TunnelLabel?
    private var owner = Owner()

    /// What the carrier asks and tells; nothing of it matters here.
    final class Owner: CarrierOwner {
        func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? { nil }
        func controlReceived(_ message: ControlMessage) {}
        func carrierEnded(_ reason: CloseReason) {}
    }

    init() throws {
        self.visitor = try ForwardedChannel(loop: self.visitorLoop)
        let now = ContinuousClock.now
        self.carrier = TunnelCarrierHandler(
            settings: CarrierSettings(side: .relay, profile: .own),
            engine: nil,
            buffers: LoopBuffers(),
            meters: ConnectionMeters(),
            pulse: CarrierPulse(start: now),
            now: now
        )
        self.tunnel = EmbeddedChannel(handler: self.carrier, loop: self.tunnelLoop)
        try self.tunnel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        self.carrier.start(owner: self.owner, plaintext: ByteBuffer())
    }

    deinit {
        _ = try? self.tunnel.finish(acceptAlreadyClosed: true)
    }

    func join() {
        let carrier = NIOLoopBound(self.carrier, eventLoop: self.tunnelLoop)
        HoppingFarSide.join(self.visitor.handler, on: self.visitorLoop, to: self.tunnelLoop) {
            let peer = PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)
            return carrier.value.openStream(peer: peer, service: .tcp, servicePort: 5000, name: nil)
        }
    }

    /// Lets both loops do what they have to.
    func run() {
        for _ in 0..<4 {
            self.tunnelLoop.run()
            self.visitorLoop.run()
        }
    }

    /// The packets that the agent has received since the last call.
    func received() throws -> [TunnelWire.Packet] {
        var bytes: [UInt8] = []
        while let buffer = try self.tunnel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return try self.wire.read(bytes).packets
    }

    /// The agent sends a packet of the visitor's stream.
    func send(_ service: TunnelService, _ body: [UInt8] = []) {
        let id = StreamID(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)
        let label = TunnelLabel(id: id, service: .tcp, servicePort: 5000, name: nil, fields: .seven)
        let packet = TunnelPacker.packet(label: label, service: service, body: body)
        self.tunnel.pipeline.fireChannelRead(ByteBuffer(bytes: TunnelWire.masked(packet)))
        self.tunnel.pipeline.fireChannelReadComplete()
        self.run()
    }
}

@Suite("A visitor and a tunnel on two loops")
struct HoppingTests {
    @Test
    func bytesAndEndsKeepTheirOrderBothWays() throws {
        let hop = try Hop()
        hop.join()
        for part in 0..<10 { hop.visitor.receive(pattern(1000, seed: part)) }
        hop.visitor.receiveEnd()
        hop.run()
        let packets = try hop.received()
        #expect(packets.map(\.header.service) == [.connection] + Array(repeating: .tcp, count: 10) + [.end])
        #expect(packets.flatMap(\.body) == (0..<10).flatMap { pattern(1000, seed: $0) })
        hop.send(.tcp, pattern(5000))
        hop.send(.tcp, [1])
        hop.send(.end)
        #expect(try hop.visitor.sent() == pattern(5000) + [1])
        #expect(!hop.visitor.isOpen)
        #expect(hop.visitor.closed == [.upstreamClosed])
        #expect(hop.carrier.streamCount == 0)
    }

    @Test
    func noMoreThanTheWindowIsBetweenTheLoops() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        hop.send(.pause, Array("0".utf8))
        let first = hop.visitor.valve.reads
        var reads = first
        var count = 0
        while count < 100 {
            hop.visitor.receive(pattern(65_536))
            hop.run()
            count += 1
            guard hop.visitor.valve.reads > reads else { break }
            reads = hop.visitor.valve.reads
        }
        #expect(count == 4, "four reads of 64 KiB, and the visitor is held")
        #expect(try hop.received().map(\.header.service) == [.connection])
        hop.send(.resume, Array("0".utf8))
        #expect(try hop.received().flatMap(\.body).count == 4 * 65_536)
        #expect(hop.visitor.valve.reads == reads + 1, "and read on when the tunnel has taken them")
    }

    @Test
    func aVisitorThatTakesNoMoreIsToldEvenIfItsOwnBytesWait() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        hop.send(.pause, Array("0".utf8))
        hop.visitor.receive([1, 2, 3])
        hop.run()
        hop.visitor.setWritable(false)
        hop.run()
        #expect(try hop.received().map(\.header.service) == [.connection, .pause])
        hop.visitor.setWritable(true)
        hop.run()
        #expect(try hop.received().map(\.header.service) == [.resume])
        hop.send(.resume, Array("0".utf8))
        #expect(try hop.received().map(\.body) == [[1, 2, 3]])
    }

    @Test
    func aVisitorThatIsResetIsToldEvenIfItsOwnBytesWait() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        hop.send(.pause, Array("0".utf8))
        hop.visitor.receive([1, 2, 3])
        hop.visitor.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        hop.run()
        #expect(try hop.received().map(\.header.service) == [.connection, .error])
        #expect(hop.visitor.closed == [.downstreamReset])
    }

    @Test
    func aVisitorThatHasEndedIsToldBehindItsBytes() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        hop.send(.end)
        #expect(hop.visitor.valve.closes == [.output])
        hop.send(.pause, Array("0".utf8))
        hop.visitor.receive([1, 2, 3])
        hop.visitor.receiveEnd()
        hop.run()
        #expect(!hop.visitor.isOpen)
        #expect(try hop.received().map(\.header.service) == [.connection])
        hop.send(.resume, Array("0".utf8))
        let packets = try hop.received()
        #expect(packets.map(\.header.service) == [.tcp, .end])
        #expect(packets.first?.body == [1, 2, 3])
        #expect(hop.carrier.streamCount == 0)
    }

    @Test
    func anErrorOfTheStreamResetsTheVisitor() throws {
        let hop = try Hop()
        hop.join()
        hop.run()
        hop.send(.error)
        #expect(!hop.visitor.isOpen)
        #expect(hop.visitor.closed == [.upstreamReset])
        #expect(hop.carrier.streamCount == 0)
    }

    @Test
    func aTunnelThatIsFullRefusesTheVisitor() throws {
        let hop = try Hop()
        try hop.tunnel.close().wait()
        hop.join()
        hop.run()
        #expect(!hop.visitor.isOpen)
        #expect(hop.visitor.closed == [.limit])
    }

    @Test(arguments: [TunnelService.end, .error])
    func nothingIsHeldWhenTheStreamIsOver(by service: TunnelService) throws {
        weak var handler: ForwardingHandler?
        do {
            let hop = try Hop()
            hop.join()
            hop.run()
            handler = hop.visitor.handler
            hop.visitor.receiveEnd()
            hop.run()
            hop.send(service)
            #expect(!hop.visitor.isOpen)
        }
        #expect(handler == nil)
    }

    @Test
    func nothingIsHeldWhenTheVisitorIsGone() throws {
        weak var handler: ForwardingHandler?
        do {
            let hop = try Hop()
            hop.join()
            hop.run()
            handler = hop.visitor.handler
            try hop.visitor.channel.close().wait()
            hop.run()
            #expect(try hop.received().map(\.header.service) == [.connection, .error])
        }
        #expect(handler == nil)
    }
}
