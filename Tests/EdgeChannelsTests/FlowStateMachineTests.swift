import EdgeChannels
import Testing

@Suite
struct FlowStateMachineTests {
    @Test
    func aPeerThatEndsFirstIsAnsweredAndThenClosed() {
        var machine = FlowStateMachine()
        let action1 = machine.inputEnded()
        #expect(action1 == .tellFarSide)
        #expect(machine.isOutputOpen && !machine.isInputOpen)
        let action2 = machine.outputEnded()
        #expect(action2 == .drain)
        #expect(!machine.isClosed)
        let action3 = machine.drained()
        #expect(action3 == .close)
        #expect(machine.isClosed)
    }

    @Test
    func aFarSideThatEndsFirstLeavesThePeerItsVoice() {
        var machine = FlowStateMachine()
        let action4 = machine.outputEnded()
        #expect(action4 == .drain)
        #expect(machine.isInputOpen && !machine.isOutputOpen)
        let action5 = machine.drained()
        #expect(action5 == .endOutput)
        let action6 = machine.inputEnded()
        #expect(action6 == .tellFarSideAndClose)
        #expect(machine.isClosed)
    }

    @Test
    func aPeerThatEndsWhileOutputDrainsIsClosedWhenItHasDrained() {
        var machine = FlowStateMachine()
        _ = machine.outputEnded()
        let action7 = machine.inputEnded()
        #expect(action7 == .tellFarSide)
        let action8 = machine.drained()
        #expect(action8 == .close)
    }

    @Test
    func aFinishedChannelLingersUntilThePeerEnds() {
        var machine = FlowStateMachine()
        let action9 = machine.finished()
        #expect(action9 == .drain)
        let action10 = machine.drained()
        #expect(action10 == .endOutputAndLinger)
        #expect(!machine.isClosed)
        let action11 = machine.inputEnded()
        #expect(action11 == .close)
        #expect(machine.isClosed)
    }

    @Test
    func finishingAnEndedOutputLingersAtOnce() {
        var machine = FlowStateMachine()
        _ = machine.outputEnded()
        _ = machine.drained()
        let action12 = machine.finished()
        #expect(action12 == .linger)
        let action13 = machine.finished()
        #expect(action13 == .ignore)
    }

    @Test
    func nothingHappensTwiceOrAfterTheClose() {
        var machine = FlowStateMachine()
        let action14 = machine.closed()
        #expect(action14)
        let action15 = machine.closed()
        #expect(!action15)
        let action16 = machine.inputEnded()
        #expect(action16 == .ignore)
        let action17 = machine.outputEnded()
        #expect(action17 == .ignore)
        let action18 = machine.finished()
        #expect(action18 == .ignore)
        let action19 = machine.drained()
        #expect(action19 == .ignore)
        #expect(machine.isClosed)
    }
}
