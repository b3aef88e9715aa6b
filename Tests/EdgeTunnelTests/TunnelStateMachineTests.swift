import EdgeTunnel
import Testing

@Suite
struct TunnelStateMachineTests {
    private static func open(_ profile: ClientProfile) -> TunnelStateMachine {
        var machine = TunnelStateMachine(profile: profile)
        _ = machine.upgraded(withToken: true)
        return machine
    }

    @Test(arguments: ClientProfile.allCases)
    func aTokenAtTheUpgradeRegistersAtOnce(profile: ClientProfile) {
        var machine = TunnelStateMachine(profile: profile)
        #expect(!machine.acceptsStreams)
        let action = machine.upgraded(withToken: true)
        #expect(action == .register(sendsHello: profile.sendsHello))
        #expect(machine.acceptsStreams)
        let again = machine.upgraded(withToken: true)
        #expect(again == .ignore)
        #expect(machine.acceptsStreams)
    }

    @Test
    func withoutATokenOneIsAwaited() {
        var machine = TunnelStateMachine(profile: .telebitJS)
        let upgrade = machine.upgraded(withToken: false)
        #expect(upgrade == .awaitToken(sendsHello: true))
        #expect(!machine.acceptsStreams)
        let first = machine.tokenAccepted()
        #expect(first == .register)
        #expect(machine.acceptsStreams)
        let second = machine.tokenAccepted()
        #expect(second == .extend)
        let late = machine.authenticateTimeout()
        #expect(late == .ignore)
        #expect(machine.acceptsStreams)
    }

    @Test
    func aBadFirstTokenCloses() {
        var machine = TunnelStateMachine(profile: .telebitJS)
        _ = machine.upgraded(withToken: false)
        let action = machine.tokenRefused()
        #expect(action == .answerAndClose)
        #expect(machine.isClosed)
        let again = machine.tokenRefused()
        #expect(again == .ignore)
        let good = machine.tokenAccepted()
        #expect(good == .ignore)
        #expect(machine.isClosed)
        let end = machine.closed()
        #expect(end == .ignore)
    }

    @Test
    func aBadLaterTokenIsOnlyAnswered() {
        var machine = Self.open(.stunnel)
        let action = machine.tokenRefused()
        #expect(action == .answer)
        #expect(machine.acceptsStreams)
    }

    @Test
    func noTokenInTimeCloses() {
        var machine = TunnelStateMachine(profile: .telebitJS)
        _ = machine.upgraded(withToken: false)
        let action = machine.authenticateTimeout()
        #expect(action == .close)
        #expect(machine.isClosed)
    }

    @Test
    func pauseIsSaidOnlyToThoseWhoKnowIt() {
        for profile in ClientProfile.allCases {
            var machine = Self.open(profile)
            #expect(machine.understandsPause == profile.understandsPauseFromTheStart)
            machine.helloAnswered()
            #expect(machine.understandsPause == profile.understandsPauseAfterReply)
        }
    }

    @Test
    func anAnswerBeforeTheUpgradeOrAfterTheEndCountsForNothing() {
        var machine = TunnelStateMachine(profile: .stunnel)
        machine.helloAnswered()
        #expect(!machine.understandsPause)
        _ = machine.closed()
        machine.helloAnswered()
        #expect(!machine.understandsPause)
    }

    @Test
    func aDrainStopsNewStreamsAndTellsOurClient() {
        for profile in ClientProfile.allCases {
            var machine = Self.open(profile)
            let action = machine.drainStarted()
            #expect(action == .stopStreams(tellsClient: profile == .own))
            #expect(!machine.acceptsStreams)
            #expect(!machine.isClosed)
            let again = machine.drainStarted()
            #expect(again == .ignore)
            let token = machine.tokenAccepted()
            #expect(token == .refuse)
            let bad = machine.tokenRefused()
            #expect(bad == .answer)
            let end = machine.closed()
            #expect(end == .unregister)
            #expect(machine.isClosed)
        }
    }

    @Test
    func aDrainEndsWhatHasNoTokenYet() {
        var early = TunnelStateMachine(profile: .telebitJS)
        let first = early.drainStarted()
        #expect(first == .close)
        #expect(early.isClosed)
        var waiting = TunnelStateMachine(profile: .telebitJS)
        _ = waiting.upgraded(withToken: false)
        let second = waiting.drainStarted()
        #expect(second == .close)
        #expect(waiting.isClosed)
    }

    @Test
    func onlyWhatWasRegisteredIsUnregistered() {
        var connecting = TunnelStateMachine(profile: .own)
        let first = connecting.closed()
        #expect(first == .forget)
        #expect(connecting.isClosed)
        var waiting = TunnelStateMachine(profile: .telebitJS)
        _ = waiting.upgraded(withToken: false)
        let second = waiting.closed()
        #expect(second == .forget)
        var open = Self.open(.own)
        let third = open.closed()
        #expect(third == .unregister)
        let fourth = open.closed()
        #expect(fourth == .ignore)
        #expect(open.isClosed)
    }
}
