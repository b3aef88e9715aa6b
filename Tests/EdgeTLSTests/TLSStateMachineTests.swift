import EdgeTLS
import Testing

@Suite
struct TLSStateMachineTests {
    /// A machine whose handshake is done.
    private func open() -> TLSStateMachine {
        var machine = TLSStateMachine()
        _ = machine.bytesReceived()
        machine.handshakeCompleted()
        return machine
    }

    @Test
    func bytesBeginTheHandshake() {
        var machine = TLSStateMachine()
        let first = machine.bytesReceived()
        #expect(first == .handshake)
        #expect(!machine.maySend && !machine.isHandshakeComplete)
        let second = machine.bytesReceived()
        #expect(second == .handshake)
        machine.handshakeCompleted()
        #expect(machine.maySend && machine.isHandshakeComplete)
        let third = machine.bytesReceived()
        #expect(third == .decrypt)
    }

    @Test
    func startingTwiceStartsOnce() {
        var machine = TLSStateMachine()
        let first = machine.started()
        #expect(first == .handshake)
        let second = machine.started()
        #expect(second == .ignore)
        machine.handshakeCompleted()
        let third = machine.started()
        #expect(third == .ignore)
        #expect(machine.maySend)
    }

    @Test
    func closingOutputLeavesInputOpen() {
        var machine = self.open()
        let first = machine.shutdownRequested()
        #expect(first == .sendCloseNotify)
        #expect(!machine.maySend)
        let second = machine.bytesReceived()
        #expect(second == .decrypt)
        let third = machine.shutdownRequested()
        #expect(third == .ignore)
        machine.closeNotifyReceived()
        let fourth = machine.bytesReceived()
        #expect(fourth == .drop)
        let fifth = machine.inputEnded()
        #expect(fifth == .expected)
    }

    @Test
    func closingInputLeavesOutputOpen() {
        var machine = self.open()
        machine.closeNotifyReceived()
        let first = machine.bytesReceived()
        #expect(first == .drop)
        #expect(machine.maySend)
        let second = machine.inputEnded()
        #expect(second == .expected)
        #expect(machine.maySend)
        let third = machine.shutdownRequested()
        #expect(third == .sendCloseNotify)
        #expect(!machine.maySend)
        let fourth = machine.shutdownRequested()
        #expect(fourth == .ignore)
    }

    @Test
    func anEndIsATruncationOnceOnly() {
        var machine = self.open()
        let first = machine.inputEnded()
        #expect(first == .truncated)
        #expect(!machine.maySend && machine.isHandshakeComplete)
        let second = machine.inputEnded()
        #expect(second == .expected)
    }

    @Test
    func anEndAfterOurCloseNotifyIsATruncationToo() {
        var machine = self.open()
        _ = machine.shutdownRequested()
        let first = machine.inputEnded()
        #expect(first == .truncated)
        let second = machine.bytesReceived()
        #expect(second == .drop)
    }

    @Test
    func anEndBeforeAByteIsNone() {
        var machine = TLSStateMachine()
        let first = machine.inputEnded()
        #expect(first == .expected)
        let second = machine.bytesReceived()
        #expect(second == .drop)
    }

    @Test
    func aFailureEndsBothHalves() {
        var machine = self.open()
        machine.failed()
        #expect(!machine.maySend)
        let first = machine.bytesReceived()
        #expect(first == .drop)
        let second = machine.shutdownRequested()
        #expect(second == .ignore)
        machine.handshakeCompleted()
        #expect(!machine.maySend)
    }

    @Test
    func shutdownBeforeTheHandshakeSaysNothing() {
        var machine = TLSStateMachine()
        _ = machine.bytesReceived()
        let first = machine.shutdownRequested()
        #expect(first == .ignore)
        let second = machine.bytesReceived()
        #expect(second == .drop)
    }
}
