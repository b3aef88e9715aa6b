import EdgeTunnel
import Testing

@Suite
struct TunnelStreamStateMachineTests {
    /// A stream of an older client: gated, and `end` ends everything.
    private func older() -> TunnelStreamStateMachine {
        TunnelStreamStateMachine(needsGate: true, halfCloses: false, isAnnounced: false)
    }

    /// A stream of our own client: announced, and `end` ends one direction.
    private func own() -> TunnelStreamStateMachine {
        TunnelStreamStateMachine(needsGate: false, halfCloses: true, isAnnounced: true)
    }

    @Test
    func theFirstPacketShutsTheGateAndTheAnswerOpensIt() {
        var machine = self.older()
        #expect(machine.acceptsLocalBytes)
        #expect(machine.localBytes() == .sendAndGate)
        #expect(!machine.acceptsLocalBytes)
        #expect(machine.localBytes() == .hold, "what comes with the end of the input is kept")
        #expect(machine.peerBytes() == .deliverAndOpenGate)
        #expect(machine.gateOpened() == .resume)
        #expect(machine.acceptsLocalBytes)
        #expect(machine.peerBytes() == .deliver)
        #expect(machine.gateOpened() == .ignore)
    }

    @Test
    func anEndRightAfterTheFirstPacketIsHeldByTheGate() {
        var machine = self.older()
        _ = machine.localBytes()
        #expect(machine.localEnded() == .hold)
        #expect(machine.localEnded() == .ignore)
        #expect(machine.gateOpened() == .awaitAnswer)
        #expect(!machine.isClosed)
        #expect(machine.peerBytes() == .deliver, "the answer still arrives")
        #expect(machine.peerEnded() == .finishLocal)
        #expect(machine.isClosed)
    }

    @Test
    func aVisitorThatIsGoneBehindTheGateIsToldLaterAndQuarantined() {
        var machine = self.older()
        _ = machine.localBytes()
        #expect(machine.localGone(wasReset: true) == .hold)
        #expect(machine.peerBytes() == .dropAndOpenGate)
        #expect(machine.gateOpened() == .sendEndAndQuarantine)
        #expect(machine.peerBytes() == .drop)
        #expect(machine.peerEnded() == .release)
        #expect(machine.isClosed)
    }

    @Test
    func aStreamThatThePeerNeverHeardOfIsForgotten() {
        var ended = self.older()
        #expect(ended.localEnded() == .forget)
        #expect(ended.isClosed)
        var gone = self.older()
        #expect(gone.localGone(wasReset: false) == .forget)
        #expect(gone.isClosed)
    }

    @Test
    func anOlderClientMayAnswerAfterTheVisitorEndedUntilItsTimeIsOver() {
        var machine = self.older()
        _ = machine.localBytes()
        _ = machine.gateOpened()
        #expect(machine.localEnded() == .awaitAnswer)
        #expect(machine.answerExpired() == .sendEndAndFinishLocal)
        #expect(machine.peerBytes() == .drop)
        #expect(machine.quarantineExpired() == .release)
        #expect(machine.isClosed)
    }

    @Test
    func ourOwnClientEndsOneDirectionAtATime() {
        var machine = self.own()
        #expect(machine.localBytes() == .send)
        #expect(machine.localEnded() == .sendEnd)
        #expect(!machine.acceptsLocalBytes)
        #expect(machine.peerBytes() == .deliver)
        #expect(machine.peerEnded() == .finishLocal)
        #expect(machine.isClosed)
    }

    @Test
    func theLocalSideMaySpeakAfterThePeerEnded() {
        var machine = self.own()
        #expect(machine.peerEnded() == .endLocalInput)
        #expect(machine.acceptsLocalBytes)
        #expect(machine.localBytes() == .send)
        #expect(machine.peerBytes() == .drop)
        #expect(machine.localEnded() == .sendEndAndClose)
        #expect(machine.isClosed)
    }

    @Test
    func anErrorOfThePeerResetsTheLocalSideOnce() {
        var machine = self.own()
        #expect(machine.peerFailed() == .resetLocal)
        #expect(machine.isClosed)
        #expect(machine.peerFailed() == .ignore)
        #expect(machine.localGone(wasReset: true) == .forget)
    }

    @Test
    func aKeyThatEndedHereIsFreeWhenThePeerLetsGoOrItsTimeIsOver() {
        var released = self.own()
        #expect(released.localGone(wasReset: true) == .sendError)
        #expect(!released.isClosed)
        #expect(released.peerFailed() == .release)
        #expect(released.isClosed)
        var expired = self.own()
        _ = expired.localGone(wasReset: true)
        #expect(expired.localBytes() == .drop)
        #expect(expired.quarantineExpired() == .release)
        #expect(expired.isClosed)
        #expect(expired.quarantineExpired() == .ignore)
    }
}
