import EdgeConnections
import Testing

@Suite
struct CrowdStateMachineTests {
    @Test
    func aCrowdThatHasGoneIsToldAtTwoLooks() {
        var machine = CrowdStateMachine()
        let answers = [10, 400, 300, 101, 100, 100, 0, 256, 64].map { machine.counted($0, peak: $0) }
        #expect(answers == [false, false, false, false, true, true, false, false, true])
    }

    @Test
    func aCrowdThatCameAndWentBetweenTwoLooksIsToldToo() {
        var machine = CrowdStateMachine()
        let answers = [6000, 0, 0].map { machine.counted(0, peak: $0) }
        #expect(answers == [true, true, false])
    }

    @Test
    func fewAreNoCrowd() {
        var machine = CrowdStateMachine()
        let answers = [255, 0, 255, 0].map { machine.counted($0, peak: $0) }
        #expect(answers == [false, false, false, false])
    }
}
