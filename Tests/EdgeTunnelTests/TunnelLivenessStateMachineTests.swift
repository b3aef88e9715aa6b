import EdgeTunnel
import Testing

@Suite
struct TunnelLivenessStateMachineTests {
    private static let start = ContinuousClock().now

    private static func at(_ seconds: Int) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    private static func machine() -> TunnelLivenessStateMachine {
        TunnelLivenessStateMachine(ping: .seconds(15), pong: .seconds(20), at: Self.start)
    }

    @Test
    func pingsComeAtASteadyPace() {
        var machine = Self.machine()
        for round in 1...10 {
            #expect(machine.nextDeadline == Self.at(round * 15))
            let early = machine.timePassed(at: Self.at(round * 15 - 1))
            #expect(early == .wait)
            let due = machine.timePassed(at: Self.at(round * 15))
            #expect(due == .sendPing)
            machine.bytesReceived(at: Self.at(round * 15 + 1))
            #expect(!machine.isDead)
        }
    }

    @Test
    func silenceAfterAPingIsDeath() {
        var machine = Self.machine()
        _ = machine.timePassed(at: Self.at(15))
        #expect(machine.nextDeadline == Self.at(30))
        let second = machine.timePassed(at: Self.at(30))
        #expect(second == .sendPing)
        #expect(machine.nextDeadline == Self.at(35))
        let before = machine.timePassed(at: Self.at(34))
        #expect(before == .wait)
        #expect(!machine.isDead)
        let after = machine.timePassed(at: Self.at(35))
        #expect(after == .dead)
        #expect(machine.isDead)
        machine.bytesReceived(at: Self.at(36))
        let later = machine.timePassed(at: Self.at(37))
        #expect(later == .dead)
    }

    @Test
    func silenceBeforeAPingIsNone() {
        var machine = TunnelLivenessStateMachine(ping: .seconds(100), pong: .seconds(1), at: Self.start)
        let action = machine.timePassed(at: Self.at(99))
        #expect(action == .wait)
        #expect(!machine.isDead)
    }

    @Test
    func anyByteIsAnAnswer() {
        var machine = Self.machine()
        _ = machine.timePassed(at: Self.at(15))
        machine.bytesReceived(at: Self.at(34))
        _ = machine.timePassed(at: Self.at(34))
        #expect(machine.nextDeadline == Self.at(49))
        let action = machine.timePassed(at: Self.at(53))
        #expect(action == .sendPing)
        #expect(!machine.isDead)
    }

    @Test
    func timeInWhichWeDoNotReadDoesNotCount() {
        var machine = Self.machine()
        _ = machine.timePassed(at: Self.at(15))
        machine.readingPaused(at: Self.at(25))
        for second in [30, 45, 60, 75, 300] {
            let action = machine.timePassed(at: Self.at(second))
            #expect(action == .sendPing)
            #expect(!machine.isDead)
        }
        machine.readingResumed(at: Self.at(301))
        let before = machine.timePassed(at: Self.at(310))
        #expect(before == .wait)
        let after = machine.timePassed(at: Self.at(311))
        #expect(after == .dead)
        #expect(machine.isDead)
    }

    @Test
    func aPingSentWhileWeDoNotReadGetsItsWholeTimeAfterwards() {
        var machine = Self.machine()
        machine.readingPaused(at: Self.at(1))
        let ping = machine.timePassed(at: Self.at(15))
        #expect(ping == .sendPing)
        machine.readingResumed(at: Self.at(100))
        _ = machine.timePassed(at: Self.at(100))
        let before = machine.timePassed(at: Self.at(119))
        #expect(before != .dead)
        let after = machine.timePassed(at: Self.at(120))
        #expect(after == .dead)
    }

    @Test
    func bytesThatComeInThePauseCount() {
        var machine = Self.machine()
        _ = machine.timePassed(at: Self.at(15))
        machine.readingPaused(at: Self.at(34))
        machine.bytesReceived(at: Self.at(34))
        machine.readingResumed(at: Self.at(35))
        let action = machine.timePassed(at: Self.at(37))
        #expect(action == .sendPing)
        #expect(!machine.isDead)
        #expect(machine.nextDeadline == Self.at(52))
    }

    @Test
    func pausingTwiceKeepsWhatIsLeft() {
        var machine = Self.machine()
        _ = machine.timePassed(at: Self.at(15))
        machine.readingPaused(at: Self.at(20))
        machine.readingPaused(at: Self.at(34))
        machine.readingResumed(at: Self.at(40))
        machine.readingResumed(at: Self.at(41))
        _ = machine.timePassed(at: Self.at(41))
        let before = machine.timePassed(at: Self.at(54))
        #expect(before == .wait)
        let after = machine.timePassed(at: Self.at(55))
        #expect(after == .dead)
    }

    @Test
    func aPeerThatSaysNothingToAProbeIsSilentUntilItSpeaks() {
        var machine = Self.machine()
        let probe = machine.probe(at: Self.at(1))
        #expect(probe == .sendPing && !machine.isSilent)
        #expect(machine.nextDeadline == Self.at(4))
        let again = machine.probe(at: Self.at(2))
        #expect(again == .ignore)
        let before = machine.timePassed(at: Self.at(3))
        #expect(before == .wait && !machine.isSilent)
        let after = machine.timePassed(at: Self.at(4))
        #expect(after == .silent && machine.isSilent && !machine.isDead)
        let silent = machine.probe(at: Self.at(5))
        #expect(silent == .ignore && machine.nextDeadline == Self.at(15))
        machine.bytesReceived(at: Self.at(6))
        #expect(!machine.isSilent)
        let anew = machine.probe(at: Self.at(7))
        #expect(anew == .sendPing && machine.nextDeadline == Self.at(10))
    }

    @Test
    func anyByteAnswersAProbe() {
        var machine = Self.machine()
        _ = machine.probe(at: Self.at(1))
        machine.bytesReceived(at: Self.at(3))
        #expect(machine.nextDeadline == Self.at(15))
        let action = machine.timePassed(at: Self.at(10))
        #expect(action == .wait && !machine.isSilent)
    }

    @Test
    func theDeadlineOfAPingRunsFromAProbeAsWell() {
        var machine = Self.machine()
        _ = machine.probe(at: Self.at(1))
        _ = machine.timePassed(at: Self.at(4))
        let ping = machine.timePassed(at: Self.at(15))
        #expect(ping == .sendPing && machine.isSilent)
        let after = machine.timePassed(at: Self.at(21))
        #expect(after == .dead && machine.isDead)
        let probe = machine.probe(at: Self.at(22))
        #expect(probe == .ignore)
    }

    @Test
    func timeInWhichWeDoNotReadDoesNotCountForAProbe() {
        var machine = Self.machine()
        _ = machine.probe(at: Self.at(1))
        machine.readingPaused(at: Self.at(2))
        let held = machine.timePassed(at: Self.at(14))
        #expect(held == .wait && !machine.isSilent)
        machine.readingResumed(at: Self.at(14))
        #expect(machine.nextDeadline == Self.at(15))
        _ = machine.timePassed(at: Self.at(15))
        let after = machine.timePassed(at: Self.at(16))
        #expect(after == .silent && machine.isSilent)
    }

    @Test
    func aProbeWhileWeDoNotReadBeginsWhenWeDo() {
        var machine = Self.machine()
        machine.readingPaused(at: Self.at(1))
        let probe = machine.probe(at: Self.at(2))
        #expect(probe == .sendPing)
        machine.readingResumed(at: Self.at(10))
        #expect(machine.nextDeadline == Self.at(13))
        let after = machine.timePassed(at: Self.at(13))
        #expect(after == .silent)
    }
}
