import EdgeCarrier
import EdgeChannels
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@Suite("Slow local sides under the relay's budget, and what a peer cannot make grow")
struct BudgetTests {
    private let loop = EmbeddedEventLoop()
    private let budget = MemoryBudget(limit: 1000)

    private func relay(
        _ profile: ClientProfile = .telebitGo,
        adjust: (inout CarrierSettings) -> Void = { _ in }
    ) throws -> CarrierSide {
        try CarrierSide(.relay, profile: profile, loop: self.loop) {
            $0.budget = self.budget
            $0.ping = .seconds(100_000)
            $0.tunnelBuffer = 16_000
            adjust(&$0)
        }
    }

    private func isRead(_ side: CarrierSide) -> Bool {
        let reads = side.valve.reads
        side.channel.read()
        return side.valve.reads > reads
    }

    @Test
    func whileItIsTightTheAllowanceIsAnEighth() throws {
        let relay = try self.relay()
        let (stream, end) = try relay.open()
        stream.localWritabilityChanged(false)
        self.budget.change(by: 751)
        relay.receive(.https, pattern(1000))
        #expect(self.isRead(relay))
        relay.receive(.https, [1])
        #expect(!self.isRead(relay))
        #expect(end.events.isEmpty && end.delivered.count == 1001, "nothing is lost")
    }

    @Test(arguments: [ClientProfile.telebitGo, .rvpnGo])
    func whileItIsExceededTheSlowOnePaysAndItsSiblingsGoOn(profile: ClientProfile) throws {
        let relay = try self.relay(profile)
        let (slow, end) = try relay.open(0)
        let (other, sibling) = try relay.open(1)
        slow.send(bytes: [1])
        other.send(bytes: [1])
        _ = try relay.sent()
        slow.localWritabilityChanged(false)
        self.budget.change(by: 1001)
        relay.receive(.https, pattern(100), number: 1)
        #expect(end.events.isEmpty && sibling.delivered.count == 100, "who keeps up is never cut off")
        relay.receive(.https, [1], number: 0)
        #expect(end.events == [.reset(.limit)] && sibling.events.isEmpty)
        #expect(try relay.sent().map(\.header.service) == [.error])
        relay.receive(.https, pattern(100), number: 1)
        #expect(sibling.delivered.count == 200 && self.isRead(relay))
        relay.receive(.https, [1], number: 0)
        #expect(end.delivered == [1], "what comes for it afterwards goes nowhere")
    }

    @Test
    func aClientThatWasAskedToPauseIsGivenWhatIsUnderWay() throws {
        let relay = try self.relay(.own)
        let (slow, end) = try relay.open()
        slow.localWritabilityChanged(false)
        self.budget.change(by: 1001)
        relay.receive(.https, pattern(1000))
        #expect(end.events.isEmpty && end.delivered.count == 1000)
        relay.receive(.https, [1])
        #expect(end.events == [.reset(.limit)], "it does not heed its pause")
    }

    @Test
    func whatWaitsInATunnelThatTakesNoMoreIsCountedAndGivenBack() throws {
        let relay = try self.relay(.own)
        let (stream, _) = try relay.open()
        _ = try relay.sent()
        relay.valve.isShut = true
        stream.send(bytes: pattern(5000))
        self.loop.run()
        #expect(self.budget.waiting == 0, "a tunnel that takes more is not counted")
        relay.setWritable(false)
        #expect(self.budget.waiting >= 5000)
        stream.send(bytes: pattern(5000))
        self.loop.run()
        #expect(self.budget.waiting >= 10_000)
        relay.setWritable(true)
        #expect(self.budget.waiting == 0)
        relay.setWritable(false)
        #expect(self.budget.waiting >= 10_000)
        relay.carrier.fail(.shutdown, code: .goingAway)
        #expect(self.budget.waiting == 0)
    }

    @Test(arguments: [0, 1, 2])
    func whatIsKeptBehindAGateIsCountedAndGivenBack(end: Int) throws {
        let relay = try self.relay(.stunnel)
        let (stream, _) = try relay.open()
        stream.send(bytes: [1])
        stream.send(bytes: pattern(300))
        #expect(self.budget.waiting == 300)
        switch end {
        case 0: self.loop.advanceTime(by: .milliseconds(100))
        case 1: relay.receive(.end)
        default: relay.carrier.fail(.shutdown, code: .goingAway)
        }
        #expect(self.budget.waiting == 0)
    }

    @Test
    func aPeerThatTakesNothingIsToldOfAPauseOnceAndHowItStandsThen() throws {
        let relay = try self.relay(.own)
        var streams: [CarrierStream] = []
        for number in 0..<3 { streams.append(try relay.open(number).stream) }
        _ = try relay.sent()
        streams[2].localWritabilityChanged(false)
        #expect(try relay.sent().map(\.header.service) == [.pause])
        relay.setWritable(false)
        for _ in 0..<1000 {
            streams[0].localWritabilityChanged(false)
            streams[1].localWritabilityChanged(false)
            streams[1].localWritabilityChanged(true)
            streams[2].localWritabilityChanged(true)
            streams[0].localWritabilityChanged(true)
        }
        streams[0].localWritabilityChanged(false)
        #expect(try relay.sentBytes().isEmpty)
        relay.setWritable(true)
        let told = try relay.sent()
        let byPort = told.map { ($0.header.streamID?.port ?? 0, $0.header.service) }.sorted { $0.0 < $1.0 }
        #expect(byPort.map(\.0) == [4711, 4713] && byPort.map(\.1) == [.pause, .resume])
    }

    @Test
    func noStreamIsOpenedForAPeerThatDoesNotEvenTakeTheNewsOfThem() throws {
        let relay = try self.relay(.own)
        relay.setWritable(false)
        var opened = 0
        for number in 0..<50_000 {
            let peer = CarrierSide.peer(number % 10_000)
            let stream = relay.carrier.openStream(peer: peer, service: .https, servicePort: 443, name: nil)
            guard let stream else { continue }
            opened += 1
            stream.localGone(wasReset: true)
            relay.receive(.error, number: number % 10_000)
        }
        #expect(opened > 100 && opened < 2000 && relay.isOpen)
        #expect(try relay.sentBytes().count < 100_000)
        relay.setWritable(true)
        #expect(relay.carrier.openStream(peer: .local, service: .https, servicePort: 443, name: nil) != nil)
    }

    @Test
    func aRelayThatOpensStreamsAndTakesNoRefusalIsLeft() throws {
        let agent = try CarrierSide(.agent, loop: self.loop) { $0.streams = 10 }
        agent.owner.refuses = true
        agent.setWritable(false)
        for number in 0..<5000 where agent.carrier.isOpen { agent.receive(.connection, number: number) }
        #expect(agent.owner.ended == [.stalled])
        #expect(try agent.sentBytes().count < 200_000)
    }

    @Test
    func aHundredThousandStreamsThatComeAndGoLeaveNothingBehind() throws {
        let relay = try self.relay(.stunnel)
        weak var last: CarrierStream?
        for _ in 0..<500 {
            var ends: [RecordingEnd] = []
            for number in 0..<200 {
                let (stream, end) = try relay.open(number)
                last = stream
                stream.send(bytes: [1])
                stream.localEnded()
                ends.append(end)
            }
            self.loop.advanceTime(by: .milliseconds(100))
            relay.receive(packets: (0..<200).flatMap { relay.packet(.end, number: $0) })
            let finished = ends.count { $0.events == [.finished(.upstreamClosed)] }
            #expect(finished == 200)
            _ = try relay.sentBytes()
        }
        #expect(last == nil, "no queue holds a stream that is over")
        #expect(relay.carrier.streamCount == 0 && self.budget.waiting == 0)
        #expect(relay.carrier.pulse.streams.load(ordering: .relaxed) == 0)
    }

    @Test
    func streamsInQuarantineAreNotOpenOnes() throws {
        let relay = try self.relay(.own)
        let (one, _) = try relay.open(0)
        _ = try relay.open(1)
        let pulse = relay.carrier.pulse
        #expect(pulse.streams.load(ordering: .relaxed) == 2)
        one.localGone(wasReset: true)
        #expect(pulse.streams.load(ordering: .relaxed) == 1 && relay.carrier.streamCount == 2)
        relay.receive(.error, number: 0)
        #expect(pulse.streams.load(ordering: .relaxed) == 1 && relay.carrier.streamCount == 1)
        relay.receive(.error, number: 1)
        #expect(pulse.streams.load(ordering: .relaxed) == 0)
    }
}
