import EdgeChannels
import Testing

@Suite
struct FlowStateMachineTests {
    @Test
    func aPeerThatEndsFirstIsAnsweredAndThenClosed() {
        var machine = FlowStateMachine()
        #expect(machine.inputEnded() == .tellFarSide)
        #expect(machine.isOutputOpen && !machine.isInputOpen)
        #expect(machine.outputEnded() == .drain)
        #expect(!machine.isClosed)
        #expect(machine.drained() == .close)
        #expect(machine.isClosed)
    }

    @Test
    func aFarSideThatEndsFirstLeavesThePeerItsVoice() {
        var machine = FlowStateMachine()
        #expect(machine.outputEnded() == .drain)
        #expect(machine.isInputOpen && !machine.isOutputOpen)
        #expect(machine.drained() == .endOutput)
        #expect(machine.inputEnded() == .tellFarSideAndClose)
        #expect(machine.isClosed)
    }

    @Test
    func aPeerThatEndsWhileOutputDrainsIsClosedWhenItHasDrained() {
        var machine = FlowStateMachine()
        _ = machine.outputEnded()
        #expect(machine.inputEnded() == .tellFarSide)
        #expect(machine.drained() == .close)
    }

    @Test
    func aFinishedChannelLingersUntilThePeerEnds() {
        var machine = FlowStateMachine()
        #expect(machine.finished() == .drain)
        #expect(machine.drained() == .endOutputAndLinger)
        #expect(!machine.isClosed)
        #expect(machine.inputEnded() == .close)
        #expect(machine.isClosed)
    }

    @Test
    func finishingAnEndedOutputLingersAtOnce() {
        var machine = FlowStateMachine()
        _ = machine.outputEnded()
        _ = machine.drained()
        #expect(machine.finished() == .linger)
        #expect(machine.finished() == .ignore)
    }

    @Test
    func nothingHappensTwiceOrAfterTheClose() {
        var machine = FlowStateMachine()
        #expect(machine.closed())
        #expect(!machine.closed())
        #expect(machine.inputEnded() == .ignore)
        #expect(machine.outputEnded() == .ignore)
        #expect(machine.finished() == .ignore)
        #expect(machine.drained() == .ignore)
        #expect(machine.isClosed)
    }
}
