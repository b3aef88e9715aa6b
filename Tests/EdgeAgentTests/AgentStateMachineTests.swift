import EdgeAgent
import Testing

@Suite("What the client does about its tunnel")
struct AgentStateMachineTests {
    /// The states, made of the events that lead to them.
    enum State: CaseIterable {
        case dialing
        case up
        case backingOff
        case stopped

        func machine(once: Bool = false) -> AgentStateMachine {
            var machine = AgentStateMachine(once: once)
            switch self {
            case .dialing: break
            case .up: machine.connected()
            case .backingOff: _ = machine.disconnected(isRefusal: false)
            case .stopped: _ = machine.disconnected(isRefusal: true)
            }
            return machine
        }
    }

    /// Tells the states apart by what they do.
    private func state(of machine: AgentStateMachine) -> State {
        var waited = machine
        if waited.waited() == .dial { return .backingOff }
        if machine.isUp { return .up }
        var lost = machine
        return lost.disconnected(isRefusal: false) == .ignore ? .stopped : .dialing
    }

    @Test(arguments: State.allCases)
    func eachStateIsTheOneThatItsEventsLeadTo(state: State) {
        #expect(self.state(of: state.machine()) == state)
        #expect(state.machine().isUp == (state == .up))
    }

    @Test(arguments: zip(State.allCases, [State.up, .up, .backingOff, .stopped]))
    func connected(from: State, to: State) {
        var machine = from.machine()
        machine.connected()
        #expect(self.state(of: machine) == to)
    }

    @Test(
        arguments: [
            (.dialing, .backOff(begunAnew: false), .backingOff), (.up, .backOff(begunAnew: true), .backingOff),
            (.backingOff, .ignore, .backingOff), (.stopped, .ignore, .stopped),
        ] as [(State, AgentStateMachine.Action, State)]
    )
    func lost(from: State, action: AgentStateMachine.Action, to: State) {
        var machine = from.machine()
        let answer = machine.disconnected(isRefusal: false)
        #expect(answer == action)
        #expect(self.state(of: machine) == to)
    }

    @Test(
        arguments: [
            (.dialing, .stop(.refused), .stopped), (.up, .stop(.refused), .stopped),
            (.backingOff, .ignore, .backingOff), (.stopped, .ignore, .stopped),
        ] as [(State, AgentStateMachine.Action, State)],
        [false, true]
    )
    func refused(row: (from: State, action: AgentStateMachine.Action, to: State), once: Bool) {
        guard !(once && row.from == .backingOff) else { return }
        var machine = row.from.machine(once: once)
        let answer = machine.disconnected(isRefusal: true)
        #expect(answer == row.action)
        #expect(self.state(of: machine) == row.to)
    }

    @Test(arguments: [(.dialing, .stop(.unavailable)), (.up, .stop(.done))] as [(State, AgentStateMachine.Action)])
    func oneAttemptIsAll(from: State, action: AgentStateMachine.Action) {
        var machine = from.machine(once: true)
        let answer = machine.disconnected(isRefusal: false)
        #expect(answer == action)
        #expect(self.state(of: machine) == .stopped)
    }

    @Test(
        arguments: [
            (.dialing, .ignore, .dialing), (.up, .ignore, .up), (.backingOff, .dial, .dialing),
            (.stopped, .ignore, .stopped),
        ] as [(State, AgentStateMachine.Action, State)]
    )
    func waited(from: State, action: AgentStateMachine.Action, to: State) {
        var machine = from.machine()
        let answer = machine.waited()
        #expect(answer == action)
        #expect(self.state(of: machine) == to)
    }
}
