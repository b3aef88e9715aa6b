import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("Streams of older clients")
struct OlderClientTests {
    private let loop = EmbeddedEventLoop()

    private func relay(_ profile: ClientProfile) throws -> CarrierSide {
        try CarrierSide(.relay, profile: profile, loop: self.loop)
    }

    @Test(arguments: [ClientProfile.stunnel, .telebitJS])
    func theSecondPacketWaitsForTheAnswer(profile: ClientProfile) throws {
        let relay = try self.relay(profile)
        let (stream, end) = try relay.open()
        #expect(stream.acceptsInput)
        stream.send(bytes: [1])
        #expect(!stream.acceptsInput)
        stream.waitForTurn()
        self.loop.advanceTime(by: .milliseconds(99))
        #expect(!stream.acceptsInput && end.resumes == 0)
        relay.receive(.https, [2])
        #expect(end.delivered == [2] && end.resumes == 1 && stream.acceptsInput)
        self.loop.advanceTime(by: .seconds(1))
        #expect(end.resumes == 1, "the gate opens once")
        stream.send(bytes: [3])
        #expect(try relay.sent().map(\.body) == [[1], [3]])
    }

    @Test
    func theGateOpensByItselfWhenItsTimeIsOver() throws {
        let relay = try self.relay(.stunnel)
        let (stream, end) = try relay.open()
        self.loop.advanceTime(by: .seconds(3))
        stream.send(bytes: [1])
        self.loop.advanceTime(by: .milliseconds(99))
        #expect(!stream.acceptsInput && end.resumes == 0)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(stream.acceptsInput && end.resumes == 1)
    }

    @Test(arguments: [ClientProfile.telebitGo, .rvpnGo])
    func theGoClientsHaveNoGate(profile: ClientProfile) throws {
        let relay = try self.relay(profile)
        let (stream, _) = try relay.open()
        stream.send(bytes: [1])
        #expect(stream.acceptsInput)
    }

    @Test(arguments: [(ClientProfile.stunnel, 1), (.telebitJS, 0)])
    func anEndBehindTheGateIsNotSentBeforeTheAnswerAndThenOnlyWhenItIsOver(profile: ClientProfile, length: Int) throws {
        let relay = try self.relay(profile)
        let (stream, end) = try relay.open()
        stream.send(bytes: [1])
        stream.localEnded()
        self.loop.advanceTime(by: .milliseconds(100))
        #expect(try relay.sent().map(\.header.service) == [.https], "the client would take it for the end of all")
        relay.receive(.https, [2])
        relay.receive(.end)
        #expect(end.delivered == [2] && end.events == [.finished(.upstreamClosed)])
        #expect(relay.carrier.streamCount == 0)
        #expect(try relay.sent().isEmpty)
    }

    @Test
    func anAnswerThatDoesNotComeInTimeEndsTheStream() throws {
        let relay = try self.relay(.stunnel)
        let (stream, end) = try relay.open()
        stream.send(bytes: [1])
        relay.receive(.https, [2])
        stream.send(bytes: [3])
        stream.localEnded()
        self.loop.advanceTime(by: .seconds(30) - .milliseconds(1))
        #expect(end.events.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(end.events == [.finished(.downstreamClosed)])
        #expect(try relay.sent().map(\.body) == [[1], [3], [0x20]])
        #expect(relay.carrier.streamCount == 1)
        self.loop.advanceTime(by: .seconds(5))
        #expect(relay.carrier.streamCount == 0)
    }

    @Test
    func anAnswerThatHasBegunIsWaitedForAsLongAsMoreOfItComes() throws {
        let relay = try self.relay(.stunnel)
        let (stream, end) = try relay.open()
        stream.send(bytes: [1])
        relay.receive(.https, [2])
        stream.localEnded()
        for number in 0..<10 {
            self.loop.advanceTime(by: .seconds(9))
            relay.receive(.https, [UInt8(number)])
        }
        #expect(end.events.isEmpty && end.delivered.count == 11)
        // It is looked at every ten seconds: after the last byte it takes one look, or nearly two.
        self.loop.advanceTime(by: .seconds(10) - .milliseconds(1))
        #expect(end.events.isEmpty)
        self.loop.advanceTime(by: .seconds(10) + .milliseconds(1))
        #expect(end.events == [.finished(.downstreamClosed)])
    }

    @Test(arguments: [(ClientProfile.stunnel, [0x20]), (.telebitJS, [])])
    func aVisitorWhoLeavesBehindTheGateIsToldWhenItOpens(profile: ClientProfile, body: [UInt8]) throws {
        let relay = try self.relay(profile)
        let (stream, _) = try relay.open()
        stream.send(bytes: [1])
        stream.localGone(wasReset: true)
        #expect(try relay.sent().map(\.header.service) == [.https])
        self.loop.advanceTime(by: .milliseconds(100))
        let packets = try relay.sent()
        #expect(packets.map(\.header.service) == [.end] && packets.map(\.body) == [body])
        relay.receive(.https, [9])
        #expect(relay.carrier.streamCount == 1)
        self.loop.advanceTime(by: .seconds(5))
        #expect(relay.carrier.streamCount == 0)
    }

    @Test
    func theEndOfAClientIsTheEndOfAll() throws {
        let relay = try self.relay(.telebitGo)
        let (stream, end) = try relay.open()
        stream.send(bytes: [1])
        relay.receive(.end)
        #expect(end.events == [.finished(.upstreamClosed)])
        #expect(!stream.acceptsInput && relay.carrier.streamCount == 0)
        _ = try relay.sent()
        stream.send(bytes: [2])
        #expect(try relay.sent().isEmpty, "nothing follows an end")
    }

    @Test
    func aVisitorWhoSaysNothingIsNeverHeardOf() throws {
        let relay = try self.relay(.stunnel)
        let (stream, _) = try relay.open()
        stream.localGone(wasReset: true)
        #expect(relay.carrier.streamCount == 0)
        let (other, end) = try relay.open()
        other.localEnded()
        #expect(end.events == [.finished(.downstreamClosed)] && relay.carrier.streamCount == 0)
        #expect(try relay.sent().isEmpty)
    }

    @Test
    func aStreamThatWaitedForItsGateIsNotKeptWhenItIsOver() throws {
        let relay = try self.relay(.stunnel)
        weak var kept: CarrierStream?
        do {
            let (stream, _) = try relay.open()
            kept = stream
            stream.send(bytes: [1])
            stream.waitForTurn()
            relay.receive(.end)
        }
        self.loop.advanceTime(by: .seconds(1))
        #expect(kept == nil)
        #expect(relay.isOpen)
    }
}
