import EdgeCarrier
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

@Suite("What a peer of a tunnel may not do, and how a tunnel ends")
struct TunnelBreachTests {
    private let loop = EmbeddedEventLoop()

    /// A relay's side with a stream, whose `connection` has left.
    private func relay(
        adjust: (inout CarrierSettings) -> Void = { _ in }
    ) throws -> (side: CarrierSide, end: RecordingEnd) {
        let side = try CarrierSide(.relay, loop: self.loop, adjust: adjust)
        let (_, end) = try side.open()
        _ = try side.sent()
        return (side, end)
    }

    @Test(
        arguments: [
            (WebSocketFrameEncoder.frame(.binary, payload: [1], maskingKey: nil), 1002),
            ([0xC2, 0x81, 0, 0, 0, 0, 1], 1002),
            ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0x80, 0x81, 0, 0, 0, 0, 1], 1002),
            ([0x09, 0x80, 0, 0, 0, 0], 1002),
            ([0x88, 0x81, 0, 0, 0, 0, 3], 1002),
            ([0x88, 0x83, 0, 0, 0, 0, 3, 0xE8, 0xFF], 1007),
            ([0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0], 1009),
        ] as [([UInt8], UInt16)]
    )
    func breachesOfTheWebSocketHaveTheirCloseCode(bytes: [UInt8], code: UInt16) throws {
        let (side, end) = try self.relay()
        side.receive(bytes)
        #expect(try side.sentFrames().closes == [WebSocketCloseCode(rawValue: code)])
        #expect(side.owner.ended == [.webSocketViolation])
        #expect(end.events == [.finished(.tunnelClosed)])
        #expect(side.valve.closes.first == .output)
        side.receive(.https, [1])
        #expect(end.delivered.isEmpty, "nothing is taken after the end")
    }

    @Test
    func whatCameBeforeABreachIsDelivered() throws {
        let (side, end) = try self.relay()
        side.receive(side.frame(.binary, side.packet(.https, [1, 2])) + [0xC2, 0x80, 0, 0, 0, 0])
        #expect(end.delivered == [1, 2])
        #expect(side.owner.ended == [.webSocketViolation])
    }

    @Test(
        arguments: [
            ([0xFD, 1, 0x41], 1008, "E_BAD_PACKET"), ([0xFE, 3] + Array("a,b".utf8), 1008, "E_BAD_PACKET"),
            ([0xFE, 18] + Array("IPv4,1.2.3.4,5,x,a".utf8), 1008, "E_BAD_PACKET"),
            ([0xFE, 27] + Array("IPv4,1.2.3.4,5,16777217,tcp".utf8), 1009, "E_PACKET_TOO_LARGE"),
        ] as [([UInt8], UInt16, String)],
        [ClientProfile.own, .stunnel, .telebitGo]
    )
    func packetsThatAreNoneEndTheTunnel(
        row: (packet: [UInt8], code: UInt16, fault: String),
        profile: ClientProfile
    ) throws {
        let side = try CarrierSide(.relay, profile: profile, loop: self.loop)
        let (_, end) = try side.open()
        _ = try side.sent()
        side.receive(packets: row.packet)
        let sent = try side.sentFrames()
        #expect(sent.closes == [WebSocketCloseCode(rawValue: row.code)])
        let faults = sent.packets.map { ControlMessage(parsing: $0.body) }
        if profile.sendsHello {
            guard case .fault(let fault)? = faults.first, faults.count == 1 else {
                Issue.record("one fault is told before the close")
                return
            }
            #expect(fault.code == row.fault)
        } else {
            #expect(faults.isEmpty)
        }
        #expect(side.owner.ended == [.tunnelViolation])
        #expect(end.events == [.finished(.tunnelClosed)])
        #expect(side.carrier.streamCount == 0 && !side.carrier.isOpen)
    }

    @Test
    func controlMessagesAreTakenUpTo64KiB() throws {
        let (side, _) = try self.relay()
        let token = String(repeating: "a", count: 65_536 - "[1,\"unheard\",\"\"]".utf8.count)
        let body = Array("[1,\"unheard\",\"\(token)\"]".utf8)
        side.receive(packets: [0xFE, 16] + Array(",,,65536,control".utf8) + body)
        #expect(side.owner.controls == [.unknown(id: 1, command: "unheard")])
        #expect(side.owner.ended.isEmpty)
        side.receive(packets: [0xFE, 16] + Array(",,,65537,control".utf8))
        #expect(side.owner.ended == [.tunnelViolation])
        #expect(try side.sentFrames().closes == [.messageTooBig])
    }

    @Test(arguments: [1, 7, .max])
    func aControlMessageIsTheSameHoweverItIsCut(cut: Int) throws {
        let pair = try CarrierPair()
        pair.relay.carrier.send(.hello)
        pair.relay.carrier.send(.grant(id: 2, []))
        try pair.pump(cut: cut)
        #expect(pair.agent.owner.controls == [.hello, .grant(id: 2, [])])
        pair.agent.carrier.send(.reply(id: 2))
        try pair.pump(cut: cut)
        #expect(pair.relay.owner.controls == [.reply(id: 2)])
    }

    @Test
    func aPingIsAnsweredWithItsPayload() throws {
        let (side, _) = try self.relay()
        side.receive(side.frame(.ping, [1, 2, 3]))
        side.receive(side.frame(.ping, []))
        #expect(try side.sentFrames().pongs == [[1, 2, 3], []])
        side.receive(side.frame(.pong, [9]))
        #expect(try side.sentBytes().isEmpty)
        #expect(side.owner.ended.isEmpty)
    }

    @Test
    func aPeerThatTakesNothingIsOwedOnePong() throws {
        let (side, _) = try self.relay()
        side.setWritable(false)
        for number in 0..<100 { side.receive(side.frame(.ping, [UInt8(number)])) }
        #expect(try side.sentBytes().isEmpty)
        side.setWritable(true)
        #expect(try side.sentFrames().pongs == [[99]])
        side.setWritable(false)
        side.setWritable(true)
        #expect(try side.sentBytes().isEmpty)
    }

    @Test(arguments: [([], 1000), ([0x03, 0xE9], 1001), ([0x0F, 0xA0, 0x78], 4000)] as [([UInt8], UInt16)])
    func aCloseIsAnsweredWithItsCode(payload: [UInt8], code: UInt16) throws {
        let (side, end) = try self.relay()
        side.receive(side.frame(.close, payload) + side.frame(.binary, side.packet(.https, [1])))
        #expect(try side.sentFrames().closes == [WebSocketCloseCode(rawValue: code)])
        #expect(side.owner.ended == [.upstreamClosed])
        #expect(end.delivered.isEmpty && end.events == [.finished(.tunnelClosed)])
        #expect(side.valve.closes.first == .output)
    }

    @Test
    func anEndOfOursTellsTheStreamsAndThePeer() throws {
        let pair = try CarrierPair()
        let (stream, end) = try pair.relay.open()
        try pair.pump()
        let far = try #require(pair.agent.owner.opened.first)
        pair.relay.carrier.fail(.shutdown, code: .serviceRestart)
        pair.relay.carrier.fail(.tunnelClosed, code: .goingAway)
        #expect(pair.relay.owner.ended == [.shutdown])
        #expect(end.events == [.finished(.shutdown)])
        #expect(!stream.acceptsInput)
        stream.send(bytes: [1])
        stream.localGone(wasReset: true)
        let bytes = try pair.relay.sentBytes()
        var wire = TunnelWire(masked: false)
        #expect(try wire.read(bytes) == TunnelWire.Read(closes: [.serviceRestart]))
        pair.agent.receive(bytes)
        #expect(pair.agent.owner.ended == [.upstreamClosed])
        #expect(far.end.events == [.finished(.tunnelClosed)])
    }

    @Test
    func anEndedTunnelIsClosedWhenThePeerEndsOrALittleLater() throws {
        let (one, _) = try self.relay()
        one.carrier.fail(.shutdown, code: .goingAway)
        self.loop.run()
        #expect(one.isOpen && one.valve.closes == [.output])
        one.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!one.isOpen)
        let (two, _) = try self.relay { $0.linger = .seconds(2) }
        two.carrier.fail(.shutdown, code: .goingAway)
        self.loop.advanceTime(by: .milliseconds(1999))
        #expect(two.isOpen)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(!two.isOpen && two.owner.ended == [.shutdown])
    }

    @Test
    func aPeerThatEndsWithoutACloseEndsTheTunnel() throws {
        let (side, end) = try self.relay()
        side.channel.pipeline.fireChannelRead(ByteBuffer(bytes: side.frame(.binary, side.packet(.https, [1]))))
        side.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(end.delivered == [1] && end.events == [.finished(.tunnelClosed)])
        #expect(side.owner.ended == [.upstreamClosed])
    }

    @Test
    func anErrorOfTheSocketEndsTheTunnelAtOnce() throws {
        let (side, end) = try self.relay()
        side.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        #expect(side.owner.ended == [.upstreamReset])
        #expect(end.events == [.finished(.tunnelClosed)] && !side.isOpen)
    }

    @Test
    func aSilentPeerIsPingedAndThenGivenUp() throws {
        let (side, end) = try self.relay()
        self.loop.advanceTime(by: .seconds(15))
        #expect(try side.sentFrames().pings == 1)
        self.loop.advanceTime(by: .milliseconds(19_999))
        #expect(side.owner.ended.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(side.owner.ended == [.pingTimeout])
        #expect(end.events == [.finished(.tunnelClosed)])
        #expect(try side.sentFrames().closes == [.goingAway])
    }

    @Test
    func aPeerThatSpeaksIsAlive() throws {
        let (side, _) = try self.relay()
        for _ in 0..<100 {
            self.loop.advanceTime(by: .seconds(10))
            side.receive(side.frame(.pong, []))
        }
        #expect(side.owner.ended.isEmpty && side.isOpen)
        #expect(try side.sentFrames().pings > 50)
        #expect(side.carrier.pulse.secondsHeard == 1000)
    }

    @Test
    func aPeerThatIsHeldAtTheSocketIsNotGivenUp() throws {
        let side = try CarrierSide(.relay, profile: .telebitGo, loop: self.loop) {
            $0.stall = .seconds(3600)
            $0.tunnelBuffer = 0
        }
        let (stream, _) = try side.open()
        stream.localWritabilityChanged(false)
        side.receive(.https, [1])
        self.loop.advanceTime(by: .seconds(600))
        #expect(side.owner.ended.isEmpty)
        stream.localWritabilityChanged(true)
        self.loop.advanceTime(by: .milliseconds(19_999))
        #expect(side.owner.ended.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(side.owner.ended == [.pingTimeout])
    }

    @Test(arguments: [false, true])
    func everyRawByteIsCounted(isSecure: Bool) throws {
        let pair = try CarrierPair(engines: isSecure ? TestEngines.open() : nil)
        let (stream, _) = try pair.relay.open()
        stream.send(bytes: pattern(10))
        let down = try pair.relay.sentBytes()
        #expect(pair.relay.meters.raw == MeterReading(received: 0, sent: UInt64(down.count)))
        pair.agent.receive(down)
        #expect(pair.agent.meters.raw == MeterReading(received: UInt64(down.count), sent: 0))
        #expect(pair.agent.meters.payload == MeterReading(received: 10, sent: 0))
    }

    @Test
    func anEndOfTLSIsTheEndOfTheTunnel() throws {
        let pair = try CarrierPair(engines: TestEngines.open())
        let (_, end) = try pair.relay.open()
        try pair.pump()
        pair.agent.carrier.fail(.shutdown, code: .goingAway)
        try pair.pump()
        #expect(pair.relay.owner.ended == [.upstreamClosed] && end.events == [.finished(.tunnelClosed)])
        let (other, torn) = try self.torn()
        #expect(other.owner.ended == [.tlsFailed] && torn.events == [.finished(.tunnelClosed)])
    }

    /// A relay's side whose peer sent bytes that are no records.
    private func torn() throws -> (CarrierSide, RecordingEnd) {
        let pair = try CarrierPair(engines: TestEngines.open())
        let (_, end) = try pair.relay.open()
        try pair.pump()
        pair.relay.receive(Array(repeating: 0x47, count: 100))
        return (pair.relay, end)
    }
}
