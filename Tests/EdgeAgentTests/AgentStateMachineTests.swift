import EdgeAgent
import Testing

@Suite("What the client does about its tunnels")
struct AgentStateMachineTests {
    /// A machine in each of its states; attempt 0 was the first, and numbers count on.
    private static func dialing(once: Bool = false) -> AgentStateMachine { AgentStateMachine(once: once) }

    private static func up(once: Bool = false) -> AgentStateMachine {
        var machine = Self.dialing(once: once)
        #expect(machine.connected(0) == .serve)
        return machine
    }

    private static func backingOff() -> AgentStateMachine {
        var machine = Self.dialing()
        #expect(machine.disconnected(0, isRefusal: false) == .backOff(wait: 1, begunAnew: false))
        return machine
    }

    /// Tunnel 0 drains, and wait 1 runs as the relay asked.
    private static func asked() -> AgentStateMachine {
        var machine = Self.up()
        #expect(machine.goingAway(0) == .move(wait: 1, ending: nil))
        return machine
    }

    /// Tunnel 0 drains, and attempt 2 is on its way.
    private static func redialing() -> AgentStateMachine {
        var machine = Self.asked()
        #expect(machine.waited(1) == .dial(2))
        return machine
    }

    /// Tunnel 0 drains, attempt 2 failed, and wait 3 runs.
    private static func waiting() -> AgentStateMachine {
        var machine = Self.redialing()
        #expect(machine.disconnected(2, isRefusal: false) == .backOff(wait: 3, begunAnew: false))
        return machine
    }

    /// Tunnel 0 drains beside tunnel 2.
    private static func moved() -> AgentStateMachine {
        var machine = Self.redialing()
        #expect(machine.connected(2) == .serve)
        return machine
    }

    private static func stopped() -> AgentStateMachine {
        var machine = Self.dialing()
        #expect(machine.disconnected(0, isRefusal: true) == .stop(.refused))
        return machine
    }

    private static let all: [@Sendable () -> AgentStateMachine] = [
        { Self.dialing() }, { Self.up() }, { Self.backingOff() }, { Self.asked() }, { Self.redialing() },
        { Self.waiting() }, { Self.moved() }, { Self.stopped() },
    ]

    @Test
    func eachStateIsTheOneThatItsEventsLeadTo() {
        let phases = Self.all.map { $0().phase }
        #expect(phases == [.dialing, .up, .backingOff, .moving, .moving, .moving, .up, .stopped])
        #expect(Self.all.map { $0().draining } == [[], [], [], [0], [0], [0], [0], []])
    }

    @Test(arguments: 0..<8)
    func newsOfWhatIsOverChangesNothing(index: Int) {
        var machine = Self.all[index]()
        let (phase, draining) = (machine.phase, machine.draining)
        #expect(machine.connected(99) == .ignore)
        #expect(machine.goingAway(99) == .ignore)
        #expect(machine.disconnected(99, isRefusal: false) == .ignore)
        #expect(machine.disconnected(99, isRefusal: true) == .ignore)
        #expect(machine.waited(99) == .ignore)
        #expect(machine.phase == phase && machine.draining == draining)
    }

    @Test
    func aFailedAttemptIsRepeatedAfterAWait() {
        var machine = Self.backingOff()
        #expect(machine.waited(1) == .dial(2))
        #expect(machine.phase == .dialing)
        #expect(machine.waited(1) == .ignore)
        #expect(machine.disconnected(2, isRefusal: false) == .backOff(wait: 3, begunAnew: false))
        #expect(machine.phase == .backingOff)
    }

    @Test
    func aTunnelThatIsLostBeginsTheBackoffAnew() {
        var machine = Self.up()
        #expect(machine.disconnected(0, isRefusal: false) == .backOff(wait: 1, begunAnew: true))
        #expect(machine.phase == .backingOff)
        #expect(machine.disconnected(0, isRefusal: false) == .ignore)
        #expect(machine.phase == .backingOff)
    }

    @Test
    func aRefusalEndsTheClientWhereverItDials() {
        var first = Self.dialing()
        #expect(first.disconnected(0, isRefusal: true) == .stop(.refused))
        #expect(first.phase == .stopped)
        var next = Self.redialing()
        #expect(next.disconnected(2, isRefusal: true) == .stop(.refused))
        #expect(next.phase == .stopped && next.draining.isEmpty)
        var late = Self.up()
        #expect(late.disconnected(0, isRefusal: true) == .stop(.refused))
        #expect(late.phase == .stopped)
    }

    @Test
    func oneAttemptIsAll() {
        var dialing = Self.dialing(once: true)
        #expect(dialing.disconnected(0, isRefusal: false) == .stop(.unavailable))
        #expect(dialing.phase == .stopped)
        var up = Self.up(once: true)
        #expect(up.goingAway(0) == .ignore)
        #expect(up.phase == .up && up.draining.isEmpty)
        #expect(up.disconnected(0, isRefusal: false) == .stop(.done))
        #expect(up.phase == .stopped)
    }

    @Test
    func aRelayThatGoesAwayIsToldOfOnce() {
        var machine = Self.asked()
        #expect(machine.goingAway(0) == .ignore)
        #expect(machine.phase == .moving && machine.draining == [0])
        var dialing = Self.dialing()
        #expect(dialing.goingAway(0) == .ignore)
        #expect(dialing.phase == .dialing)
    }

    @Test
    func theOldTunnelsEndBesideTheNewOneChangesNothing() {
        var machine = Self.moved()
        #expect(machine.disconnected(0, isRefusal: false) == .drained)
        #expect(machine.phase == .up && machine.draining.isEmpty)
        #expect(machine.disconnected(2, isRefusal: false) == .backOff(wait: 3, begunAnew: true))
        #expect(machine.phase == .backingOff)
    }

    @Test
    func theWaitThatTheRelayAskedForOutlivesTheOldTunnel() {
        var machine = Self.asked()
        #expect(machine.disconnected(0, isRefusal: false) == .beginAnew)
        #expect(machine.phase == .backingOff && machine.draining.isEmpty)
        #expect(machine.waited(1) == .dial(2))
        #expect(machine.phase == .dialing)
    }

    @Test
    func aWaitThatGrewWhileTheOldTunnelDrainedIsReplacedWhenThatEnds() {
        var machine = Self.waiting()
        #expect(machine.disconnected(0, isRefusal: false) == .backOff(wait: 4, begunAnew: true))
        #expect(machine.phase == .backingOff && machine.draining.isEmpty)
        #expect(machine.waited(3) == .ignore)
        #expect(machine.waited(4) == .dial(5))
        #expect(machine.phase == .dialing)
    }

    @Test
    func anAttemptOutlivesTheOldTunnel() {
        var machine = Self.redialing()
        #expect(machine.disconnected(0, isRefusal: false) == .beginAnew)
        #expect(machine.phase == .dialing && machine.draining.isEmpty)
        #expect(machine.connected(2) == .serve)
        #expect(machine.phase == .up)
    }

    @Test
    func whileTheOldTunnelDrainsAttemptsAreRepeated() {
        var machine = Self.waiting()
        #expect(machine.waited(3) == .dial(4))
        #expect(machine.phase == .moving && machine.draining == [0])
        #expect(machine.connected(4) == .serve)
        #expect(machine.phase == .up && machine.draining == [0])
    }

    @Test
    func theNewTunnelsLossLeavesTheOldOneServing() {
        var machine = Self.moved()
        #expect(machine.disconnected(2, isRefusal: false) == .backOff(wait: 3, begunAnew: true))
        #expect(machine.phase == .moving && machine.draining == [0])
    }

    @Test
    func onlySoManyTunnelsDrainAtOnce() {
        #expect(AgentStateMachine.mostDraining == 1)
        var machine = Self.moved()
        #expect(machine.goingAway(2) == .move(wait: 3, ending: 0))
        #expect(machine.phase == .moving && machine.draining == [2])
        #expect(machine.disconnected(0, isRefusal: false) == .ignore)
        #expect(machine.phase == .moving && machine.draining == [2])
    }
}
