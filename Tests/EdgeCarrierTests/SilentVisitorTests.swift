import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("Visitors of raw ports, who may wait for the service to speak")
struct SilentVisitorTests {
    private let loop = EmbeddedEventLoop()

    /// A visitor of a port that has no name.
    private func open(
        _ side: CarrierSide,
        _ service: TunnelService = .tcp
    ) throws -> (stream: CarrierStream, end: RecordingEnd) {
        let stream = try #require(
            side.carrier.openStream(peer: CarrierSide.peer(), service: service, servicePort: 5022, name: nil)
        )
        let end = RecordingEnd()
        stream.attach(end)
        return (stream, end)
    }

    @Test
    func ourOwnClientIsToldAtOnceAndWhatItsServiceSaysReachesAVisitorWhoSaysNothing() throws {
        let pair = try CarrierPair()
        let (stream, end) = try self.open(pair.relay)
        let announced = try pair.relay.sentBytes()
        #expect(String(decoding: announced, as: UTF8.self).contains("IPv4,192.0.2.1,4711,0,connection,5022,,tcp"))
        pair.agent.receive(announced)
        let far = try #require(pair.agent.owner.opened.first, "the agent dials before a byte has come")
        #expect(far.stream.service == .tcp && far.header.servicePort == 5022 && far.header.name == nil)
        #expect(far.end.delivered.isEmpty)
        far.stream.send(bytes: Array("220 mail.example.com\r\n".utf8))
        try pair.pump()
        #expect(end.delivered == Array("220 mail.example.com\r\n".utf8) && end.flushed == end.delivered.count)
        #expect(stream.sent == 0 && stream.acceptsInput)
        stream.send(bytes: Array("QUIT\r\n".utf8))
        try pair.pump()
        #expect(far.end.delivered == Array("QUIT\r\n".utf8))
        #expect(pair.agent.owner.opened.count == 1, "its first bytes open no second one")
    }

    @Test(
        arguments: [
            (ClientProfile.stunnel, "IPv4,192.0.2.1,4711,3,tcp"),
            (.telebitJS, "IPv4,192.0.2.1,4711,3,tcp,5022,"),
            (.telebitGo, "IPv4,192.0.2.1,4711,3,tcp,5022,"),
            (.rvpnGo, "IPv4,192.0.2.1,4711,3,tcp"),
        ]
    )
    func theOthersHearOfAVisitorWhenItSpeaks(profile: ClientProfile, header: String) throws {
        let relay = try CarrierSide(.relay, profile: profile, loop: self.loop)
        let (stream, end) = try self.open(relay)
        self.loop.advanceTime(by: .seconds(5))
        #expect(try relay.sentBytes().isEmpty)
        #expect(stream.acceptsInput && end.events.isEmpty)
        stream.send(bytes: Array("abc".utf8))
        let frame = try relay.sentBytes()
        let packet = [TunnelUnpacker.version, UInt8(header.utf8.count)] + Array((header + "abc").utf8)
        #expect(Array(frame.dropFirst(2)) == packet)
        relay.receive(.tcp, [1])
        #expect(end.delivered == [1])
    }

    @Test(
        arguments: [
            (ClientProfile.own, TunnelService.ssh), (.stunnel, .ssh), (.telebitJS, .tcp), (.telebitGo, .ssh),
            (.rvpnGo, .ssh),
        ]
    )
    func aServiceIsCalledByAWordThatTheClientKnows(profile: ClientProfile, word: TunnelService) throws {
        let relay = try CarrierSide(.relay, profile: profile, loop: self.loop)
        let (stream, _) = try self.open(relay, .ssh)
        stream.send(bytes: [1])
        let packets = try relay.sent()
        #expect(packets.last?.header.service == word)
        #expect(stream.service == .ssh, "here it is known as what it is")
        if profile == .own { #expect(packets.first?.header.extraService == .ssh) }
    }
}
