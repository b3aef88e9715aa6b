import EdgeChannels
import EdgeTLS
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore

/// Whether the peer is there, and whether what it serves answers.
extension TunnelCarrierHandler {
    /// Asks the peer whether it is there: a ping now; one that says nothing for `probe` is silent until it speaks.
    package func probe() {
        guard self.isOpen, case .sendPing = self.liveness.probe(at: self.now) else { return }
        self.write(frame: .ping, payload: [])
        self.armLiveness()
    }

    /// Asks the liveness machine when to look again.
    func armLiveness() {
        guard let context, !self.hasEnded else { return }
        self.livenessTimer?.cancel()
        let delay = TimeAmount(max(.zero, self.now.duration(to: self.liveness.nextDeadline)))
        self.livenessTimer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.livenessFired() }
    }

    private func livenessFired() {
        guard !self.hasEnded else { return }
        switch self.liveness.timePassed(at: self.now) {
        case .sendPing:
            self.write(frame: .ping, payload: [])
            // What a deaf peer still sends tells nothing: it is asked until it answers, or says no more.
            if self.isMaybeDeaf { _ = self.liveness.probe(at: self.now) }
        case .dead:
            self.fail(.pingTimeout, code: .goingAway)
            return
        case .silent:
            self.pulse.setSilent(true)
            guard self.isMaybeDeaf else { break }
            self.fail(.clientDeaf, code: .goingAway)
            return
        case .wait:
            break
        }
        self.armLiveness()
    }

    /// The first byte of an answer came.
    func answered(_ stream: CarrierStream) {
        stream.isJudged = true
        guard self.settings.side == .relay, case .recovered = self.health.served() else { return }
        self.pulse.setRest(until: nil, trial: self.settings.rest)
    }

    /// A stream is over of which the peer's service has answered nothing; noted once.
    func endedUnanswered(_ stream: CarrierStream) {
        guard !stream.isJudged, stream.isLive, self.settings.side == .relay else { return }
        stream.isJudged = true
        guard case .rest(let until) = self.health.failed(opened: stream.opened, at: self.now) else { return }
        self.pulse.setRest(until: until, trial: self.settings.rest)
    }

    /// The visitor left.
    ///
    /// One that has waited for a while shows that the service does not answer, or that the tunnel does not even take what
    /// it said; unless it is us who do not read the answer.
    func visitorLeft(_ stream: CarrierStream) {
        guard !stream.isJudged, stream.sent > 0 || self.isFull, self.blockers.isEmpty else { return }
        guard stream.opened.duration(to: self.now) >= self.settings.answerPatience else { return }
        self.endedUnanswered(stream)
    }

    /// The first that the peer said on a stream is that its service refused it: some then stop reading the tunnel.
    func refused(_ stream: CarrierStream) {
        guard self.settings.profile.goesDeafAfterRefusal, stream.received == 0 else { return }
        self.isMaybeDeaf = true
        self.probe()
    }
}
