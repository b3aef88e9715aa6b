import EdgeTunnel
import Testing

@Suite
struct ServiceHealthStateMachineTests {
    private static let start = ContinuousClock().now

    private static func at(_ seconds: Int) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    /// A machine that rests since the second 0, for ten.
    private static func resting() -> ServiceHealthStateMachine {
        var machine = ServiceHealthStateMachine(failures: 3, rest: .seconds(10))
        for _ in 0..<3 { _ = machine.failed(opened: Self.at(0), at: Self.at(0)) }
        return machine
    }

    @Test
    func failuresInARowAreARest() {
        var machine = ServiceHealthStateMachine(failures: 3, rest: .seconds(10))
        let first = machine.failed(opened: Self.at(0), at: Self.at(1))
        let second = machine.failed(opened: Self.at(0), at: Self.at(2))
        #expect(first == .ignore && second == .ignore && machine.restsUntil == nil)
        let third = machine.failed(opened: Self.at(0), at: Self.at(3))
        #expect(third == .rest(until: Self.at(13)) && machine.restsUntil == Self.at(13))
    }

    @Test
    func anAnswerBetweenThemBeginsTheCountAnew() {
        var machine = ServiceHealthStateMachine(failures: 2, rest: .seconds(10))
        for _ in 0..<10 {
            let failed = machine.failed(opened: Self.at(0), at: Self.at(0))
            let served = machine.served()
            #expect(failed == .ignore && served == .ignore)
        }
        #expect(machine.restsUntil == nil)
    }

    @Test
    func streamsOfBeforeTheRestDoNotProlongIt() {
        var machine = Self.resting()
        for second in [1, 9, 15] {
            let action = machine.failed(opened: Self.at(second - 1 > 9 ? 9 : second - 1), at: Self.at(second))
            #expect(action == .ignore)
        }
        #expect(machine.restsUntil == Self.at(10))
    }

    @Test
    func eachTrialThatFailsDoublesTheRestUpToEightTimes() {
        var machine = Self.resting()
        var rests: [Int] = []
        var now = 10
        for _ in 0..<6 {
            guard case .rest(let until) = machine.failed(opened: Self.at(now), at: Self.at(now)) else { break }
            rests.append(Int(Self.at(now).duration(to: until).components.seconds))
            now += rests.last ?? 0
        }
        #expect(rests == [20, 40, 80, 80, 80, 80])
    }

    @Test
    func anAnswerEndsTheRestAtOnceAndTheNextOneIsShortAgain() {
        var machine = Self.resting()
        _ = machine.failed(opened: Self.at(10), at: Self.at(10))
        let served = machine.served()
        #expect(served == .recovered && machine.restsUntil == nil)
        for _ in 0..<2 { _ = machine.failed(opened: Self.at(11), at: Self.at(11)) }
        let again = machine.failed(opened: Self.at(11), at: Self.at(11))
        #expect(again == .rest(until: Self.at(21)))
    }

    @Test
    func noLimitOnFailuresIsNoRest() {
        var machine = ServiceHealthStateMachine(failures: 0, rest: .seconds(10))
        for _ in 0..<100 {
            let action = machine.failed(opened: Self.at(0), at: Self.at(0))
            #expect(action == .ignore)
        }
        #expect(machine.restsUntil == nil)
    }
}
