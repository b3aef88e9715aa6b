import EdgeSystem
import Testing

@Suite
struct AcceptPauseStateMachineTests {
    private let start = ContinuousClock.now

    @Test
    func theFirstThatFindsNoDescriptorIsSaidAndNoOther() {
        var machine = AcceptPauseStateMachine()
        #expect(machine.next == nil)
        let first = machine.descriptorsRanOut(at: self.start)
        #expect(first == .stopWatchingAndReport)
        #expect(machine.next == self.start + AcceptPauseStateMachine.pause)
        let second = machine.descriptorsRanOut(at: self.start + .milliseconds(1))
        #expect(second == .stopWatching)
        #expect(machine.next == self.start + AcceptPauseStateMachine.pause, "the pause is no longer for it")
    }

    @Test
    func acceptingIsTriedAfterEachPauseAndNotSooner() {
        var machine = AcceptPauseStateMachine()
        var now = self.start
        _ = machine.descriptorsRanOut(at: now)
        let early = machine.timeCame(at: now + AcceptPauseStateMachine.pause - .nanoseconds(1))
        #expect(early == .wait)
        for _ in 0..<100 {
            now += AcceptPauseStateMachine.pause
            let due = machine.timeCame(at: now)
            #expect(due == .watch)
            #expect(machine.next == now + AcceptPauseStateMachine.calm)
            let again = machine.descriptorsRanOut(at: now)
            #expect(again == .stopWatching, "one shortage is said once")
            #expect(machine.next == now + AcceptPauseStateMachine.pause)
        }
    }

    @Test
    func theShortageIsOverWhenDescriptorsWereEnoughForAWhile() {
        var machine = AcceptPauseStateMachine()
        _ = machine.descriptorsRanOut(at: self.start)
        let tried = self.start + AcceptPauseStateMachine.pause
        _ = machine.timeCame(at: tried)
        let early = machine.timeCame(at: tried + AcceptPauseStateMachine.calm - .nanoseconds(1))
        #expect(early == .wait)
        let due = machine.timeCame(at: tried + AcceptPauseStateMachine.calm)
        #expect(due == .report(lasted: AcceptPauseStateMachine.pause))
        #expect(machine.next == nil)
        let next = machine.descriptorsRanOut(at: tried + .seconds(60))
        #expect(next == .stopWatchingAndReport, "the next shortage is another")
    }

    @Test
    func timeMeansNothingWhileAllIsWell() {
        var machine = AcceptPauseStateMachine()
        let action = machine.timeCame(at: self.start)
        #expect(action == .wait)
        #expect(machine.next == nil)
    }
}
