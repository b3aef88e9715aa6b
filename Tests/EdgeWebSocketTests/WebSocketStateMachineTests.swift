import EdgeWebSocket
import Testing

@Suite
struct WebSocketStateMachineTests {
    @Test
    func aPingIsAnsweredWhileOpen() {
        var machine = WebSocketStateMachine()
        let action = machine.pingReceived()
        #expect(action == .sendPong)
        #expect(machine.isOpen)
    }

    @Test
    func aCloseOfThePeerIsAnsweredWithItsCode() {
        var machine = WebSocketStateMachine()
        let first = machine.closeReceived(.goingAway)
        #expect(first == .sendClose(.goingAway))
        #expect(machine.isClosed)
        let second = machine.closeReceived(.goingAway)
        #expect(second == .ignore)
        #expect(machine.isClosed)
        let ping = machine.pingReceived()
        #expect(ping == .ignore)
    }

    @Test
    func aCloseWithoutCodeIsAnsweredWithTheNormalOne() {
        var machine = WebSocketStateMachine()
        let action = machine.closeReceived(nil)
        #expect(action == .sendClose(.normalClosure))
        #expect(machine.isClosed)
    }

    @Test
    func ourCloseWaitsForThePeers() {
        var machine = WebSocketStateMachine()
        let request = machine.closeRequested(.serviceRestart)
        #expect(request == .sendClose(.serviceRestart))
        #expect(!machine.isOpen)
        #expect(!machine.isClosed)
        let again = machine.closeRequested(.internalError)
        #expect(again == .ignore)
        let ping = machine.pingReceived()
        #expect(ping == .ignore)
        #expect(!machine.isClosed)
        let answer = machine.closeReceived(.serviceRestart)
        #expect(answer == .closeNow)
        #expect(machine.isClosed)
    }

    @Test
    func nothingIsClosedTwice() {
        var machine = WebSocketStateMachine()
        _ = machine.closeReceived(.normalClosure)
        let action = machine.closeRequested(.goingAway)
        #expect(action == .ignore)
        #expect(machine.isClosed)
    }
}
