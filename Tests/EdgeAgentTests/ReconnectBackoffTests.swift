import EdgeAgent
import Testing

@Suite("How long the client waits before it dials again")
struct ReconnectBackoffTests {
    @Test
    func theCeilingDoublesUpToTheLongestWait() {
        var backoff = ReconnectBackoff()
        let waits = (0..<9).map { _ in backoff.next(chance: 0.5) }
        #expect(waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
    }

    @Test
    func everyChanceStaysBetweenTheBounds() {
        var backoff = ReconnectBackoff()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let wait = backoff.next(chance: Double.random(in: 0..<1, using: &generator))
            #expect(wait >= .milliseconds(50) && wait < ReconnectBackoff.longest)
        }
    }

    @Test
    func theLeastChanceDoesNotDialInALoop() {
        var backoff = ReconnectBackoff()
        for _ in 0..<10 { #expect(backoff.next(chance: 0) == .milliseconds(50)) }
    }

    @Test
    func aTunnelThatWasUpBeginsAnew() {
        var backoff = ReconnectBackoff()
        for _ in 0..<10 { _ = backoff.next(chance: 0.5) }
        backoff.reset()
        #expect(backoff.next(chance: 0.5) == .milliseconds(500))
        #expect(backoff.next(chance: 0.5) == .seconds(1))
    }

    @Test
    func theRelaysHintIsTheLeastWait() {
        var backoff = ReconnectBackoff()
        #expect(backoff.next(chance: 0.5, hint: .seconds(30)) == .seconds(30.5))
        #expect(backoff.next(chance: 0, hint: .seconds(30)) == .seconds(30) + .milliseconds(50))
        #expect(backoff.next(chance: 0.5) == .seconds(2))
    }

    @Test
    func aRelayThatGoesAwayGetsItsClientsBackOverItsHint() {
        #expect(ReconnectBackoff.spread(over: .seconds(10), chance: 0) == .zero)
        #expect(ReconnectBackoff.spread(over: .seconds(10), chance: 0.25) == .milliseconds(2500))
        #expect(ReconnectBackoff.spread(over: nil, chance: 0.5) == .milliseconds(500))
        #expect(ReconnectBackoff.spread(over: .zero, chance: 0.5) == .zero)
    }

    @Test(arguments: [Int.max, Int.min, -1, 3601])
    func aHintBeyondReasonIsNotSpreadOver(seconds: Int) {
        let wait = ReconnectBackoff.spread(over: .seconds(seconds), chance: 0.5)
        #expect(wait >= .zero && wait <= ReconnectBackoff.longestHint / 2)
    }

    @Test(arguments: [Int.max, Int.min, -1, 3601])
    func aHintBeyondReasonIsCut(seconds: Int) {
        var backoff = ReconnectBackoff()
        let wait = backoff.next(chance: 0.5, hint: .seconds(seconds))
        #expect(wait >= .milliseconds(500) && wait <= ReconnectBackoff.longestHint + .milliseconds(500))
    }
}
