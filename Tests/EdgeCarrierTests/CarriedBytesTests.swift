import EdgeCarrier
import EdgeChannels
import EdgeHandlerKit
import EdgeMetering
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import Testing

@Suite("Bytes of streams through a tunnel")
struct CarriedBytesTests {
    @Test(arguments: [1, 7, 1000, .max], [false, true])
    func everyCutGivesTheSameBytesBothWays(cut: Int, isSecure: Bool) throws {
        let pair = try CarrierPair(engines: isSecure ? TestEngines.open() : nil)
        let (stream, end) = try pair.relay.open()
        try pair.pump(cut: cut)
        #expect(pair.agent.owner.opened.count == 1)
        let opened = try #require(pair.agent.owner.opened.first)
        #expect(opened.header.service == .connection)
        #expect(opened.stream.service == .https)
        #expect(opened.stream.name == Hostname("app.example.com"))
        #expect(opened.stream.id == StreamID(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711))
        #expect(opened.header.servicePort == 443)
        let question = pattern(20_000)
        let answer = pattern(30_001, seed: 5)
        stream.send(bytes: Array(question[..<7]))
        stream.send(bytes: Array(question[7...]))
        opened.stream.send(bytes: answer)
        try pair.pump(cut: cut)
        #expect(opened.end.delivered == question && opened.end.flushed == question.count)
        #expect(end.delivered == answer && end.flushed == answer.count)
        #expect(stream.sent == 20_000 && stream.received == 30_001)
        #expect(opened.stream.sent == 30_001 && opened.stream.received == 20_000)
        #expect(pair.relay.meters.payload.sent == 20_000 && pair.relay.meters.payload.received == 30_001)
        #expect(pair.agent.meters.payload.sent == 30_001 && pair.agent.meters.payload.received == 20_000)
        #expect(pair.relay.meters.raw.sent == pair.agent.meters.raw.received)
        #expect(pair.relay.meters.raw.received == pair.agent.meters.raw.sent)
        #expect(pair.relay.meters.raw.sent > 20_000 && pair.relay.meters.raw.received > 30_001)
        #expect(pair.relay.owner.ended.isEmpty && pair.agent.owner.ended.isEmpty)
    }

    @Test(arguments: [CarrierSettings.Side.relay, .agent], [0, 20, LoopBuffers.headroom])
    func everyHeadroomGivesTheSamePackets(side: CarrierSettings.Side, headroom: Int) throws {
        let bytes = pattern(2500)
        let carrier = try CarrierSide(side) { $0.frame = 1000 }
        let stream: CarrierStream
        switch side {
        case .relay:
            stream = try carrier.open().stream
            _ = try carrier.sent()
        case .agent:
            carrier.receive(.connection)
            stream = try #require(carrier.owner.opened.first).stream
        }
        stream.send(bytes: bytes, headroom: headroom)
        let packets = try carrier.sent()
        #expect(packets.map(\.header.bodyLength) == [1000, 1000, 500])
        #expect(packets.flatMap(\.body) == bytes)
        #expect(!packets.map(\.isWholeFrame).contains(false))
    }

    @Test
    func severalFramesOfOneReadAreSplitWhereTheLimitSays() throws {
        let relay = try CarrierSide(.relay) { $0.frame = 65_536 }
        let (stream, _) = try relay.open()
        _ = try relay.sent()
        stream.send(bytes: pattern(200_000))
        let packets = try relay.sent()
        #expect(packets.map(\.header.bodyLength) == [65_536, 65_536, 65_536, 200_000 - 3 * 65_536])
        #expect(packets.flatMap(\.body) == pattern(200_000))
    }

    @Test
    func aRelayDoesNotMaskAndAnAgentMasks() throws {
        let relay = try CarrierSide(.relay)
        _ = try relay.open()
        let unmasked = try relay.sentBytes()
        #expect(unmasked[1] & 0x80 == 0)
        let agent = try CarrierSide(.agent)
        agent.carrier.send(.reply(id: 1))
        let masked = try agent.sentBytes()
        #expect(masked[1] & 0x80 == 0x80)
    }

    @Test(
        arguments: [
            (ClientProfile.own, ",443,app.example.com"), (.telebitJS, ",443,app.example.com"),
            (.telebitGo, ",443,app.example.com"), (.stunnel, ""), (.rvpnGo, ""),
        ]
    )
    func headersHaveTheFieldsThatAProfileReads(profile: ClientProfile, tail: String) throws {
        let relay = try CarrierSide(.relay, profile: profile)
        let (stream, _) = try relay.open()
        _ = try relay.sent()
        stream.send(bytes: [1, 2, 3])
        let text = "IPv4,192.0.2.1,4711,3,https\(tail)"
        let packet = [0xFE, UInt8(text.utf8.count)] + Array(text.utf8) + [1, 2, 3]
        #expect(try relay.sentBytes() == [0x82, UInt8(packet.count)] + packet)
    }

    @Test(arguments: ClientProfile.allCases)
    func onlyOurOwnClientIsToldOfAStreamBeforeItsFirstByte(profile: ClientProfile) throws {
        let relay = try CarrierSide(.relay, profile: profile)
        let (stream, _) = try relay.open()
        let services = try relay.sent().map(\.header.service)
        #expect(services == (profile == .own ? [.connection] : []))
        #expect(stream.acceptsInput)
        #expect(relay.carrier.streamCount == 1)
    }

    @Test
    func whatCameWithTheUpgradeIsReadFirst() throws {
        let relay = try CarrierSide(.relay)
        let (_, end) = try relay.open()
        let frame = relay.frame(.binary, relay.packet(.https, [1, 2, 3]))
        relay.carrier.start(owner: relay.owner, plaintext: ByteBuffer(bytes: frame))
        #expect(end.delivered == [1, 2, 3] && end.flushed == 3)
    }

    @Test
    func packetsOfStreamsThatAreNotThereAreIgnored() throws {
        let relay = try CarrierSide(.relay)
        for service in TunnelService.allCases where service != .control { relay.receive(service, [1], number: 9) }
        #expect(relay.owner.opened.isEmpty && relay.owner.ended.isEmpty && relay.isOpen)
        #expect(relay.meters.payload.received == 0)
        #expect(try relay.sent().isEmpty)
    }

    @Test
    func onePassOverManyPacketsFlushesEachStreamOnce() throws {
        let relay = try CarrierSide(.relay)
        let (_, one) = try relay.open(0)
        let (_, two) = try relay.open(1)
        let packets = (0..<10).flatMap { relay.frame(.binary, relay.packet(.https, [UInt8($0)], number: $0 % 2)) }
        relay.receive(packets)
        #expect(one.delivered == [0, 2, 4, 6, 8] && one.flushed == 5)
        #expect(two.delivered == [1, 3, 5, 7, 9] && two.flushed == 5)
    }
}
