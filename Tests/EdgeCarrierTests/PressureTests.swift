import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import NIOCore
import NIOEmbedded
import Testing

@Suite("Slow local sides and slow tunnels")
struct PressureTests {
    private let loop = EmbeddedEventLoop()

    @Test
    func aSlowLocalSideMakesThePeerPauseWithTheCountSoFar() throws {
        let pair = try CarrierPair()
        let (stream, _) = try pair.relay.open()
        try pair.pump()
        let far = try #require(pair.agent.owner.opened.first)
        far.stream.send(bytes: pattern(1234))
        try pair.pump()
        stream.localWritabilityChanged(false)
        let pause = try pair.relay.sent()
        #expect(pause.map(\.header.service) == [.pause])
        #expect(pause.first?.body == Array("1234".utf8))
        stream.localWritabilityChanged(false)
        #expect(try pair.relay.sent().isEmpty, "it is told once")
        pair.agent.receive(.pause, Array("1234".utf8))
        #expect(!far.stream.acceptsInput)
        stream.localWritabilityChanged(true)
        let resume = try pair.relay.sent()
        #expect(resume.map(\.header.service) == [.resume])
        #expect(resume.first?.body == Array("1234".utf8))
        #expect(far.end.resumes == 0)
        pair.agent.receive(.resume, Array("1234".utf8))
        #expect(far.stream.acceptsInput && far.end.resumes == 1)
        pair.agent.receive(.resume, Array("1234".utf8))
        #expect(far.end.resumes == 1)
    }

    @Test(arguments: [ClientProfile.stunnel, .telebitJS, .telebitGo, .rvpnGo])
    func aClientThatKnowsNoPauseMayRunOnABitAndIsThenNotReadUntilTheLocalSideTakesMore(profile: ClientProfile) throws {
        let relay = try CarrierSide(.relay, profile: profile, loop: self.loop) { $0.tunnelBuffer = 10_000 }
        let (stream, end) = try relay.open()
        stream.send(bytes: [1])
        relay.receive(.https, [2])
        _ = try relay.sent()
        stream.localWritabilityChanged(false)
        relay.receive(.https, pattern(5000))
        var reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads + 1, "its allowance is not used up")
        relay.receive(.https, [3])
        reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads && end.delivered.count == 5002)
        #expect(try relay.sent().isEmpty)
        stream.localWritabilityChanged(true)
        #expect(relay.valve.reads == reads + 1)
        #expect(try relay.sent().isEmpty)
    }

    @Test(
        arguments: [(ClientProfile.stunnel, true), (.telebitJS, true), (.telebitGo, false), (.rvpnGo, false)]
    )
    func aClientThatAnswersTheGreetingMayBeAskedToPause(profile: ClientProfile, pauses: Bool) throws {
        let relay = try CarrierSide(.relay, profile: profile, loop: self.loop)
        relay.receive(packets: TunnelPacker.control(.reply(id: 1)))
        let (stream, _) = try relay.open()
        stream.send(bytes: [1])
        relay.receive(.https, [2])
        _ = try relay.sent()
        stream.localWritabilityChanged(false)
        #expect(try relay.sent().map(\.header.service) == (pauses ? [.pause] : []))
    }

    @Test
    func aFaultInTheAnswerMeansThatItKnowsNoPause() throws {
        let relay = try CarrierSide(.relay, profile: .stunnel, loop: self.loop)
        relay.receive(packets: TunnelPacker.control(.reply(id: 1, fault: .unknownCommand("hello"))))
        let (stream, _) = try relay.open()
        stream.send(bytes: [1])
        _ = try relay.sent()
        stream.localWritabilityChanged(false)
        #expect(try relay.sent().isEmpty)
    }

    /// A relay's side whose tunnel is blocked by the least that is delivered to a local side that takes no more.
    private func strict(_ profile: ClientProfile = .telebitGo) throws -> CarrierSide {
        try CarrierSide(.relay, profile: profile, loop: self.loop) {
            $0.ping = .seconds(1000)
            $0.hold = .seconds(1000)
            $0.tunnelBuffer = 0
        }
    }

    @Test
    func aStalledStreamEndsAloneAndTheTunnelIsReadAgain() throws {
        let relay = try self.strict()
        let (slow, end) = try relay.open(0)
        let (other, sibling) = try relay.open(1)
        slow.send(bytes: [1])
        other.send(bytes: [1])
        _ = try relay.sent()
        slow.localWritabilityChanged(false)
        relay.receive(.https, [2], number: 0)
        relay.channel.read()
        let reads = relay.valve.reads
        self.loop.advanceTime(by: .seconds(60) - .milliseconds(1))
        #expect(end.events.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(end.events == [.reset(.stalled)] && sibling.events.isEmpty)
        #expect(relay.valve.reads == reads + 1)
        #expect(try relay.sent().map(\.header.service) == [.error])
        relay.receive(.https, [3], number: 1)
        #expect(sibling.delivered == [3])
        #expect(relay.owner.ended.isEmpty)
    }

    @Test
    func eachStreamThatBlocksHasItsOwnTime() throws {
        let relay = try self.strict()
        let (one, first) = try relay.open(0)
        let (two, second) = try relay.open(1)
        one.localWritabilityChanged(false)
        two.localWritabilityChanged(false)
        relay.receive(.https, [1], number: 0)
        self.loop.advanceTime(by: .seconds(40))
        relay.receive(.https, [1], number: 1)
        self.loop.advanceTime(by: .seconds(20))
        #expect(first.events == [.reset(.stalled)] && second.events.isEmpty)
        let reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads, "the second still blocks")
        self.loop.advanceTime(by: .seconds(40) - .milliseconds(1))
        #expect(second.events.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(second.events == [.reset(.stalled)])
        #expect(relay.valve.reads == reads + 1)
    }

    @Test
    func aStreamThatTookMoreInBetweenBeginsItsTimeAnew() throws {
        let relay = try self.strict()
        let (stream, end) = try relay.open()
        for _ in 0..<3 {
            stream.localWritabilityChanged(false)
            relay.receive(.https, [1])
            self.loop.advanceTime(by: .seconds(59))
            stream.localWritabilityChanged(true)
            self.loop.advanceTime(by: .milliseconds(500))
        }
        #expect(end.events.isEmpty)
        stream.localWritabilityChanged(false)
        relay.receive(.https, [1])
        self.loop.advanceTime(by: .seconds(60))
        #expect(end.events == [.reset(.stalled)])
    }

    @Test
    func twoBlockingStreamsBothHaveToTakeMore() throws {
        let relay = try self.strict()
        let (one, _) = try relay.open(0)
        let (two, _) = try relay.open(1)
        one.localWritabilityChanged(false)
        two.localWritabilityChanged(false)
        relay.receive(packets: relay.packet(.https, [1], number: 0) + relay.packet(.https, [1], number: 1))
        let reads = relay.valve.reads
        relay.channel.read()
        one.localWritabilityChanged(true)
        #expect(relay.valve.reads == reads)
        two.localGone(wasReset: true)
        #expect(relay.valve.reads == reads + 1)
    }

    @Test
    func aPeerThatDoesNotHeedItsPauseIsHeldAtTheSocket() throws {
        let relay = try CarrierSide(.relay, loop: self.loop) { $0.tunnelBuffer = 10_000 }
        let (stream, end) = try relay.open()
        stream.localWritabilityChanged(false)
        relay.receive(.https, pattern(10_000))
        let reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads + 1, "what was under way may fill the tunnel's buffer")
        relay.receive(.https, [1])
        relay.channel.read()
        #expect(relay.valve.reads == reads + 1)
        #expect(end.delivered.count == 10_001, "nothing is lost")
        stream.localWritabilityChanged(true)
        #expect(relay.valve.reads == reads + 2)
    }

    @Test
    func manyStreamsTogetherAreHeldAtTheTunnelsBuffer() throws {
        let relay = try CarrierSide(.relay, loop: self.loop) { $0.tunnelBuffer = 10_000 }
        for number in 0..<3 {
            let (stream, _) = try relay.open(number)
            stream.localWritabilityChanged(false)
        }
        for number in 0..<2 { relay.receive(.https, pattern(5000), number: number) }
        var reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads + 1)
        reads = relay.valve.reads
        relay.receive(.https, [1], number: 2)
        relay.channel.read()
        #expect(relay.valve.reads == reads)
    }

    @Test
    func aPausedStreamThatEndsTakesItsBacklogAlong() throws {
        let relay = try CarrierSide(.relay, loop: self.loop) { $0.tunnelBuffer = 1000 }
        let (stream, _) = try relay.open()
        stream.localWritabilityChanged(false)
        relay.receive(.https, pattern(2000))
        let reads = relay.valve.reads
        relay.channel.read()
        #expect(relay.valve.reads == reads)
        stream.localGone(wasReset: true)
        #expect(relay.valve.reads == reads + 1)
    }

    @Test
    func noVisitorIsReadWhileTheTunnelIsFullAndThenEachOnceInOrder() throws {
        let relay = try CarrierSide(.relay, loop: self.loop)
        var order: [Int] = []
        var streams: [CarrierStream] = []
        for number in 0..<4 {
            let (stream, end) = try relay.open(number)
            end.onResume = { order.append(number) }
            streams.append(stream)
        }
        _ = try relay.sent()
        relay.setWritable(false)
        for number in [2, 0, 3, 1] {
            #expect(!streams[number].acceptsInput)
            streams[number].waitForTurn()
            streams[number].waitForTurn()
        }
        #expect(order.isEmpty)
        relay.setWritable(true)
        #expect(order == [2, 0, 3, 1])
        #expect(streams[0].acceptsInput)
        relay.setWritable(false)
        relay.setWritable(true)
        #expect(order == [2, 0, 3, 1], "who does not stand in line is not called")
    }

    @Test
    func aTunnelThatFillsUpInATickIsNoticedWhenItIsFlushed() throws {
        let relay = try CarrierSide(.relay, loop: self.loop)
        let (stream, end) = try relay.open()
        relay.channel.isWritable = false
        stream.send(bytes: [1])
        self.loop.run()
        #expect(!stream.acceptsInput)
        stream.waitForTurn()
        relay.setWritable(true)
        #expect(stream.acceptsInput && end.resumes == 1)
    }

    @Test
    func aStreamThatIsGoneLeavesTheLineAndItsTurnHarmsNobody() throws {
        let relay = try CarrierSide(.relay, loop: self.loop)
        let (one, end) = try relay.open(0)
        relay.setWritable(false)
        one.waitForTurn()
        one.localGone(wasReset: true)
        relay.setWritable(true)
        #expect(end.resumes == 0)
    }
}
