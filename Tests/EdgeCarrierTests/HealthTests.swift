import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

@Suite("Tunnels that are silent, deaf, or serve nothing")
struct HealthTests {
    private let loop = EmbeddedEventLoop()

    private func relay(
        _ profile: ClientProfile = .own,
        adjust: (inout CarrierSettings) -> Void = { _ in }
    ) throws -> CarrierSide {
        try CarrierSide(.relay, profile: profile, loop: self.loop, adjust: adjust)
    }

    /// The present as the side's pulse has it.
    private func availability(_ side: CarrierSide, after time: Duration = .zero) -> CarrierPulse.Availability {
        side.carrier.pulse.availability(at: side.present + time)
    }

    @Test
    func aPeerThatDoesNotAnswerAProbeIsSilentUntilItSpeaks() throws {
        let side = try self.relay()
        side.carrier.probe()
        side.carrier.probe()
        #expect(try side.sentFrames().pings == 1)
        self.loop.advanceTime(by: .milliseconds(2999))
        #expect(self.availability(side) == .available)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(self.availability(side) == .silent && side.carrier.pulse.isSilent)
        #expect(!side.carrier.pulse.claim(at: side.present))
        #expect(side.owner.ended.isEmpty && side.isOpen, "a probe alone ends nothing")
        side.receive(side.frame(.pong, []))
        #expect(self.availability(side) == .available && !side.carrier.pulse.isSilent)
        #expect(side.carrier.pulse.claim(at: side.present))
    }

    @Test
    func aPeerThatIsHeldAtTheSocketIsNotSilent() throws {
        let side = try self.relay(.telebitGo) { $0.tunnelBuffer = 0 }
        let (stream, _) = try side.open()
        stream.localWritabilityChanged(false)
        side.receive(.https, [1])
        side.carrier.probe()
        self.loop.advanceTime(by: .seconds(10))
        #expect(!side.carrier.pulse.isSilent)
        stream.localWritabilityChanged(true)
        self.loop.advanceTime(by: .milliseconds(2999))
        #expect(!side.carrier.pulse.isSilent)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(side.carrier.pulse.isSilent)
    }

    @Test
    func aClientThatGoesDeafAfterARefusalIsSentAwayToComeBack() throws {
        let side = try self.relay(.telebitJS)
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        _ = try side.sent()
        side.receive(.error)
        #expect(try side.sentFrames().pings == 1)
        self.loop.advanceTime(by: .milliseconds(2999))
        #expect(side.owner.ended.isEmpty)
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(side.owner.ended == [.clientDeaf])
        #expect(try side.sentFrames().closes == [.goingAway])
    }

    @Test
    func aClientThatAnswersThePingAfterARefusalLivesOn() throws {
        let side = try self.relay(.telebitJS)
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        side.receive(.error)
        side.receive(side.frame(.pong, []))
        self.loop.advanceTime(by: .seconds(10))
        #expect(side.owner.ended.isEmpty && !side.carrier.pulse.isSilent)
        // A later probe that somebody else asks for does not end it either.
        side.carrier.probe()
        self.loop.advanceTime(by: .seconds(3))
        #expect(side.owner.ended.isEmpty && side.carrier.pulse.isSilent)
    }

    @Test
    func aDeafClientThatStillSendsIsFoundWhenItHasNoMore() throws {
        let side = try self.relay(.telebitJS)
        let (one, _) = try side.open(0)
        let (two, _) = try side.open(1)
        one.send(bytes: [1])
        two.send(bytes: [1])
        side.receive(.https, [1], number: 1)
        side.receive(.error, number: 0)
        for _ in 0..<20 {
            self.loop.advanceTime(by: .seconds(2))
            side.receive(.https, [1], number: 1)
        }
        #expect(side.owner.ended.isEmpty)
        self.loop.advanceTime(by: .seconds(18))
        #expect(side.owner.ended == [.clientDeaf])
    }

    @Test(arguments: [ClientProfile.own, .stunnel, .telebitGo, .rvpnGo])
    func theOtherGenerationsAreNotSuspected(profile: ClientProfile) throws {
        let side = try self.relay(profile)
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        side.receive(.error)
        #expect(try side.sentFrames().pings == 0)
    }

    @Test
    func anErrorAfterAnAnswerIsNoRefusal() throws {
        let side = try self.relay(.telebitJS)
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        side.receive(.https, [1])
        side.receive(.error)
        #expect(try side.sentFrames().pings == 0)
    }

    /// A stream whose service ends it before it answers.
    private func fail(_ side: CarrierSide, with service: TunnelService = .error) throws {
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        side.receive(service)
    }

    @Test(arguments: [TunnelService.error, .end])
    func aTunnelThatServesNothingRestsAndOneVisitorTriesAfterwards(service: TunnelService) throws {
        let side = try self.relay(.telebitGo) { $0.ping = .seconds(1000) }
        let pulse = side.carrier.pulse
        for _ in 0..<2 { try self.fail(side, with: service) }
        #expect(self.availability(side) == .available)
        try self.fail(side, with: service)
        #expect(self.availability(side) == .resting && !pulse.claim(at: side.present))
        #expect(self.availability(side, after: .milliseconds(9999)) == .resting)
        self.loop.advanceTime(by: .seconds(10))
        #expect(self.availability(side) == .available)
        #expect(pulse.claim(at: side.present), "one is let through")
        #expect(!pulse.claim(at: side.present) && self.availability(side) == .resting, "and no other")
        try self.fail(side, with: service)
        #expect(self.availability(side, after: .milliseconds(19_999)) == .resting)
        #expect(self.availability(side, after: .seconds(20)) == .available, "twice as long")
    }

    @Test
    func aTrialThatSucceedsPutsTheTunnelBackAtOnce() throws {
        let side = try self.relay(.telebitGo) { $0.ping = .seconds(1000) }
        for _ in 0..<3 { try self.fail(side) }
        self.loop.advanceTime(by: .seconds(10))
        #expect(side.carrier.pulse.claim(at: side.present))
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        side.receive(.https, [1])
        #expect(self.availability(side) == .available)
        for _ in 0..<3 { #expect(side.carrier.pulse.claim(at: side.present)) }
    }

    @Test
    func aTrialOfWhichNothingIsHeardIsFollowedByAnother() throws {
        let side = try self.relay(.telebitGo) { $0.ping = .seconds(1000) }
        for _ in 0..<3 { try self.fail(side) }
        self.loop.advanceTime(by: .seconds(10))
        #expect(side.carrier.pulse.claim(at: side.present))
        self.loop.advanceTime(by: .milliseconds(9999))
        #expect(!side.carrier.pulse.claim(at: side.present))
        self.loop.advanceTime(by: .milliseconds(1))
        #expect(side.carrier.pulse.claim(at: side.present))
    }

    @Test(arguments: [(4999, false), (5000, true)])
    func aVisitorWhoLeavesUnansweredAfterAWhileIsAFailure(milliseconds: Int64, rests: Bool) throws {
        let side = try self.relay { $0.failures = 1 }
        let (silent, _) = try side.open(0)
        let (stream, _) = try side.open(1)
        stream.send(bytes: [1])
        self.loop.advanceTime(by: .milliseconds(milliseconds))
        silent.localGone(wasReset: false)
        #expect(self.availability(side) == .available, "who said nothing was owed nothing")
        stream.localGone(wasReset: true)
        #expect(self.availability(side) == (rests ? .resting : .available))
    }

    @Test
    func aVisitorWhomTheTunnelDoesNotEvenTakeIsAFailureWhenItLeaves() throws {
        let side = try self.relay(.telebitGo) { $0.failures = 1 }
        let (stream, _) = try side.open()
        side.setWritable(false)
        self.loop.advanceTime(by: .seconds(5))
        stream.localGone(wasReset: true)
        #expect(self.availability(side) == .resting)
    }

    @Test
    func aVisitorWhoseAnswerWeDoNotReadIsNoFailure() throws {
        let side = try self.relay(.telebitGo) {
            $0.failures = 1
            $0.hold = .seconds(1000)
            $0.tunnelBuffer = 0
        }
        let (slow, _) = try side.open(0)
        let (stream, _) = try side.open(1)
        stream.send(bytes: [1])
        slow.localWritabilityChanged(false)
        side.receive(.https, [1], number: 0)
        self.loop.advanceTime(by: .seconds(10))
        stream.localGone(wasReset: true)
        #expect(self.availability(side) == .available)
    }

    @Test
    func streamsThatWereAnsweredOrWhoseVisitorLeftAreNoFailures() throws {
        let side = try self.relay { $0.failures = 1 }
        let (answered, _) = try side.open(0)
        answered.send(bytes: [1])
        side.receive(.https, [1], number: 0)
        side.receive(.error, number: 0)
        let (left, _) = try side.open(1)
        left.send(bytes: [1])
        left.localGone(wasReset: true)
        side.receive(.error, number: 1)
        let (quiet, _) = try side.open(2)
        _ = quiet
        side.receive(.end, number: 2)
        #expect(self.availability(side) == .available)
    }

    @Test
    func anAnswerThatDoesNotComeInTimeIsAFailure() throws {
        let side = try self.relay(.telebitGo) {
            $0.failures = 1
            $0.ping = .seconds(1000)
        }
        let (stream, _) = try side.open()
        stream.send(bytes: [1])
        stream.localEnded()
        self.loop.advanceTime(by: .seconds(30))
        #expect(self.availability(side) == .resting)
    }

    @Test
    func anAgentDoesNotJudgeItsVisitors() throws {
        let pair = try CarrierPair { $0.failures = 1 }
        let (stream, _) = try pair.relay.open()
        try pair.pump()
        let far = try #require(pair.agent.owner.opened.first)
        far.stream.send(bytes: [1])
        try pair.pump()
        stream.localGone(wasReset: true)
        try pair.pump()
        #expect(pair.agent.carrier.pulse.availability(at: pair.agent.present) == .available)
    }
}
