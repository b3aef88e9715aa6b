import EdgeRouting
import Testing

@Suite
struct SelectionPolicyTests {
    @Test(arguments: SelectionPolicy.allCases)
    func nothingIsChosenFromNothing(policy: SelectionPolicy) {
        #expect(policy.choose(count: 0, turn: 3) { _ in 0 } == nil)
        #expect(policy.choose(count: -1, turn: 3) { _ in 0 } == nil)
    }

    @Test(arguments: SelectionPolicy.allCases)
    func amongEqualsEachHasItsTurn(policy: SelectionPolicy) {
        let chosen = (0..<6).map { turn in policy.choose(count: 3, turn: turn) { _ in 7 } }
        #expect(chosen == [0, 1, 2, 0, 1, 2])
    }

    @Test(arguments: SelectionPolicy.allCases, [Int.max, Int.min, -1])
    func aTurnThatWrappedAroundStillChooses(policy: SelectionPolicy, turn: Int) throws {
        let index = try #require(policy.choose(count: 3, turn: turn) { _ in 0 })
        #expect((0..<3).contains(index))
    }

    @Test
    func roundRobinDoesNotLookAtStreams() {
        let chosen = SelectionPolicy.roundRobin.choose(count: 2, turn: 0) { $0 == 0 ? 100 : 0 }
        #expect(chosen == 0)
    }

    @Test
    func theOneWithTheFewestStreamsIsChosen() {
        let streams = [4, 2, 9, 3]
        for turn in 0..<8 {
            #expect(SelectionPolicy.leastConnections.choose(count: 4, turn: turn) { streams[$0] } == 1)
        }
    }

    @Test
    func equalFewestTakeTurns() {
        let streams = [1, 5, 1, 5]
        let chosen = (0..<4).map { turn in
            SelectionPolicy.leastConnections.choose(count: 4, turn: turn) { streams[$0] }
        }
        #expect(chosen == [0, 2, 2, 0])
    }

    @Test
    func theWordsAreThoseOfTheConfiguration() {
        #expect(SelectionPolicy(rawValue: "round_robin") == .roundRobin)
        #expect(SelectionPolicy(rawValue: "least_connections") == .leastConnections)
        #expect(TLSTreatment(rawValue: "pass_through") == .passThrough)
        #expect(TLSTreatment(rawValue: "terminate") == .terminate)
        #expect(HTTPTreatment(rawValue: "redirect") == .redirect)
    }
}
