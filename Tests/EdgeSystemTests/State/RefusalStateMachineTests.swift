import EdgeSystem
import Testing

@Suite
struct RefusalStateMachineTests {
    @Test
    func anAnswerIsSentThenWritingEndsThenTheRestIsDrained() {
        var machine = RefusalStateMachine(answer: 10, received: 3, drain: 8)
        #expect(machine.ready() == .send(from: 0))
        let action1 = machine.answerSent(4)
        #expect(action1 == .send(from: 4))
        let action2 = machine.answerSent(6)
        #expect(action2 == .finishWriting)
        let action3 = machine.writingFinished()
        #expect(action3 == .read(upTo: 8))
        let action4 = machine.bytesReceived(5)
        #expect(action4 == .read(upTo: 3))
        #expect(!machine.isClosed)
        let action5 = machine.finished()
        #expect(action5 == .close)
        #expect(machine.isClosed)
        #expect(machine.received == 8)
        #expect(machine.sent == 10)
    }

    @Test
    func beyondTheLimitNothingIsReadAndTheSocketIsHeld() {
        var machine = RefusalStateMachine(answer: 0, received: 0, drain: 4)
        #expect(machine.ready() == .finishWriting)
        let action1 = machine.writingFinished()
        #expect(action1 == .read(upTo: 4))
        let action2 = machine.bytesReceived(4)
        #expect(action2 == .wait)
        #expect(machine.ready() == .wait)
        #expect(!machine.isClosed)
        let action3 = machine.finished()
        #expect(action3 == .close)
        #expect(machine.isClosed)
    }

    @Test
    func withoutALimitToDrainTheSocketIsHeldAtOnce() {
        var machine = RefusalStateMachine(answer: 1, received: 0, drain: 0)
        let action1 = machine.answerSent(1)
        #expect(action1 == .finishWriting)
        let action2 = machine.writingFinished()
        #expect(action2 == .wait)
    }

    @Test
    func afterTheEndNothingChanges() {
        var machine = RefusalStateMachine(answer: 5, received: 0, drain: 4)
        let action1 = machine.finished()
        #expect(action1 == .close)
        let action2 = machine.answerSent(5)
        #expect(action2 == .close)
        let action3 = machine.writingFinished()
        #expect(action3 == .close)
        let action4 = machine.bytesReceived(5)
        #expect(action4 == .close)
        #expect(machine.received == 0)
        #expect(machine.sent == 0)
        #expect(machine.isClosed)
    }
}
