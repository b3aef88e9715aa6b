import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("How streams of our own client end")
struct StreamEndingTests {
    /// A pair with one stream that is open on both ends.
    private func opened() throws -> (
        pair: CarrierPair, stream: CarrierStream, end: RecordingEnd, far: RecordingOwner.Opened
    ) {
        let pair = try CarrierPair()
        let (stream, end) = try pair.relay.open()
        try pair.pump()
        return (pair, stream, end, try #require(pair.agent.owner.opened.first))
    }

    @Test
    func aVisitorThatEndsFirstStillGetsItsAnswer() throws {
        let (pair, stream, end, far) = try self.opened()
        stream.send(bytes: [1])
        stream.localEnded()
        try pair.pump()
        #expect(far.end.delivered == [1] && far.end.events == [.outputEnded])
        #expect(!stream.acceptsInput && far.stream.acceptsInput)
        far.stream.send(bytes: [2])
        far.stream.localEnded()
        try pair.pump()
        #expect(end.delivered == [2] && end.events == [.finished(.upstreamClosed)])
        #expect(pair.relay.carrier.streamCount == 0 && pair.agent.carrier.streamCount == 0)
    }

    @Test
    func aServiceThatEndsFirstStillHearsTheVisitor() throws {
        let (pair, stream, end, far) = try self.opened()
        far.stream.localEnded()
        try pair.pump()
        #expect(end.events == [.outputEnded] && stream.acceptsInput)
        stream.send(bytes: [3])
        stream.localEnded()
        try pair.pump()
        #expect(far.end.delivered == [3] && far.end.events == [.finished(.upstreamClosed)])
        #expect(pair.relay.carrier.streamCount == 0 && pair.agent.carrier.streamCount == 0)
    }

    @Test
    func aVisitorThatIsGoneResetsTheService() throws {
        let (pair, stream, _, far) = try self.opened()
        stream.localGone(wasReset: false)
        try pair.pump()
        #expect(far.end.events == [.reset(.upstreamReset)])
        #expect(pair.agent.carrier.streamCount == 0)
        #expect(pair.relay.carrier.streamCount == 1, "the key is kept for a while")
        pair.loop.advanceTime(by: .seconds(5))
        #expect(pair.relay.carrier.streamCount == 0)
    }

    @Test
    func aServiceThatIsGoneResetsTheVisitor() throws {
        let (pair, _, end, far) = try self.opened()
        far.stream.localGone(wasReset: true)
        try pair.pump()
        #expect(end.events == [.reset(.upstreamReset)])
        #expect(pair.relay.carrier.streamCount == 0)
    }

    @Test
    func bytesThatAreUnderWayToSomebodyWhoIsGoneAreDropped() throws {
        let (pair, stream, end, far) = try self.opened()
        far.stream.send(bytes: [1, 2, 3])
        stream.localGone(wasReset: true)
        try pair.pump()
        #expect(end.delivered.isEmpty)
        #expect(far.end.events == [.reset(.upstreamReset)])
        #expect(pair.relay.isOpen && pair.agent.isOpen)
    }

    @Test
    func aKeyThatTheRelayUsesAgainIsANewStreamForTheAgent() throws {
        let (pair, _, _, far) = try self.opened()
        far.stream.localGone(wasReset: true)
        try pair.pump()
        let (again, _) = try pair.relay.open()
        again.send(bytes: [7])
        try pair.pump()
        #expect(pair.agent.owner.opened.count == 2)
        #expect(pair.agent.owner.opened.last?.end.delivered == [7])
        pair.loop.advanceTime(by: .seconds(5))
        #expect(pair.agent.carrier.streamCount == 1, "the old quarantine does not end the new stream")
    }

    @Test
    func aRefusedStreamIsAnErrorAndIsAskedForOnce() throws {
        let pair = try CarrierPair()
        pair.agent.owner.refuses = true
        let (stream, end) = try pair.relay.open()
        stream.send(bytes: [1])
        stream.send(bytes: [2])
        try pair.pump()
        #expect(end.events == [.reset(.upstreamReset)])
        #expect(pair.agent.owner.refused == 1)
        #expect(pair.relay.carrier.streamCount == 0)
        pair.loop.advanceTime(by: .seconds(5))
        #expect(pair.agent.carrier.streamCount == 0)
    }

    @Test
    func noMoreStreamsAreOpenedThanTheLimitSays() throws {
        let pair = try CarrierPair { $0.streams = 2 }
        let (one, _) = try pair.relay.open(0)
        _ = try pair.relay.open(1)
        #expect(pair.relay.carrier.openStream(peer: .local, service: .tcp, servicePort: 1, name: nil) == nil)
        one.localGone(wasReset: true)
        #expect(pair.relay.carrier.openStream(peer: .local, service: .tcp, servicePort: 1, name: nil) == nil)
        pair.loop.advanceTime(by: .seconds(5))
        #expect(pair.relay.carrier.openStream(peer: .local, service: .tcp, servicePort: 1, name: nil) != nil)
    }

    @Test
    func aKeyInUseOrInQuarantineIsGivenToNobodyElse() throws {
        let relay = try CarrierSide(.relay)
        let (one, _) = try relay.open()
        let (two, _) = try relay.open()
        #expect(one.id.port == 4711 && two.id.port != 4711 && two.id.address == one.id.address)
        one.localGone(wasReset: true)
        let (three, _) = try relay.open()
        #expect(three.id != one.id && three.id != two.id && three.id.address == one.id.address)
        relay.receive(.end)
        let (four, _) = try relay.open()
        #expect(four.id == one.id, "the peer has let go of it")
    }

    @Test
    func streamsOfARevokedNameEndAndTheirSiblingsGoOn() throws {
        let pair = try CarrierPair()
        let (_, one) = try pair.relay.open(0, name: "one.example.com")
        let (_, two) = try pair.relay.open(1, name: "two.example.com")
        try pair.pump()
        let gone = Hostname("one.example.com")
        pair.relay.carrier.closeStreams { $0.name == gone }
        try pair.pump()
        #expect(one.events == [.finished(.operatorRequest)] && two.events.isEmpty)
        #expect(pair.agent.owner.opened.map(\.end.events) == [[.reset(.upstreamReset)], []])
    }
}
