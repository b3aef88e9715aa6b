import EdgeChannels
import EdgeTunnel
import EdgeTypes
import NIOCore

/// Back pressure of slow local sides: a pause where the peer knows one, else the tunnel is not read.
extension TunnelCarrierHandler {
    /// The local side of a stream takes more, or takes no more.
    func localWritabilityChanged(_ stream: CarrierStream) {
        if stream.isLocalWritable {
            self.noLongerBlocks(stream)
        } else {
            stream.took = stream.end?.taken ?? 0
            stream.tookAt = self.now
        }
        if self.understandsPause { self.tellPause(stream) }
    }

    /// The peer has answered the greeting: from here on it may know what a pause is.
    func learnedPause() {
        self.understandsPause = self.settings.profile.understandsPauseAfterReply
        guard self.understandsPause else { return }
        for stream in self.streams.values where !stream.isLocalWritable { self.tellPause(stream) }
    }

    /// Tells the peer whether to pause a stream.
    ///
    /// A peer that takes no more is told when it does, how it stands then: a visitor that stops and goes on must not fill
    /// the queue.
    private func tellPause(_ stream: CarrierStream) {
        let pauses = !stream.isLocalWritable
        guard stream.hasPausedPeer != pauses, !stream.machine.isClosed else { return }
        guard !self.isFull else {
            stream.isPauseOwed = true
            self.owesPauses = true
            return
        }
        stream.hasPausedPeer = pauses
        self.send(pauses ? .pause : .resume, body: Self.decimal(stream.received), on: stream)
    }

    /// Tells what could not be told while the channel took no more.
    func sendOwedPauses() {
        guard self.owesPauses else { return }
        self.owesPauses = false
        for stream in self.streams.values where stream.isPauseOwed {
            stream.isPauseOwed = false
            self.tellPause(stream)
        }
    }

    /// Bytes came for a local side that takes no more: some are put up with, then the tunnel is not read.
    ///
    /// While the relay's budget is exceeded the slow local side pays. A peer that was asked to pause is given what may be
    /// under way.
    func overran(_ stream: CarrierStream, by count: Int) {
        stream.overrun += count
        self.overrun += count
        let settings = self.settings
        if let budget = settings.budget, budget.isExceeded,
            !stream.hasPausedPeer || stream.overrun > settings.tightOverrunBuffer
        {
            self.cutOff(stream, .limit)
            return
        }
        let isTight = settings.budget?.isTight ?? false
        // What an obedient peer had under way when it was asked to pause may fill the tunnel's buffer.
        let usual = stream.hasPausedPeer ? settings.tunnelBuffer : settings.overrunBuffer
        guard stream.overrun > (isTight ? settings.tightOverrunBuffer : usual) || self.overrun > settings.tunnelBuffer
        else { return }
        self.block(stream)
    }

    private func block(_ stream: CarrierStream) {
        guard stream.blockedSince == nil else { return }
        let now = self.now
        stream.blockedSince = now
        stream.tookWhenBlocked = stream.end?.taken ?? 0
        self.blockers.append(stream)
        self.stalls.add((stream.key, now), at: now)
        self.armTimer()
        if self.blockers.count == 1 { self.liveness.readingPaused(at: now) }
        self.armHeldTimer()
    }

    /// The stream no longer stops the tunnel.
    func noLongerBlocks(_ stream: CarrierStream) {
        self.overrun -= stream.overrun
        stream.overrun = 0
        self.unblock(stream)
    }

    private func unblock(_ stream: CarrierStream) {
        guard stream.blockedSince != nil else { return }
        stream.blockedSince = nil
        self.blockers.removeAll { $0 === stream }
        guard self.blockers.isEmpty else { return }
        self.heldTimer?.cancel()
        self.heldTimer = nil
        self.liveness.readingResumed(at: self.now)
        self.armLiveness()
        guard self.isReadHeld, let context else { return }
        self.isReadHeld = false
        context.read()
    }

    private func armHeldTimer() {
        guard self.heldTimer == nil, !self.blockers.isEmpty, let context else { return }
        let look = TimeAmount(CarrierSettings.heldLook)
        self.heldTimer = context.eventLoop.assumeIsolated().scheduleTask(in: look) {
            self.heldTimer = nil
            for stream in self.blockers { self.look(at: stream) }
            self.armHeldTimer()
        }
    }

    /// What does a stream that holds the tunnel? One that takes a little lets the tunnel go on a little; one that takes
    /// nothing at all is given up for its siblings, where there are some.
    private func look(at stream: CarrierStream) {
        guard let taken = stream.end?.taken else { return }
        let now = self.now
        if taken > stream.took {
            stream.took = taken
            stream.tookAt = now
        }
        let step = taken - stream.tookWhenBlocked
        if step >= min(CarrierSettings.heldStep, stream.overrun) {
            let eased = min(step, stream.overrun)
            stream.overrun -= eased
            self.overrun -= eased
            self.unblock(stream)
        } else if self.live > 1, stream.tookAt.duration(to: now) >= self.settings.hold {
            self.cutOff(stream, .stalled)
        }
    }

    /// A stream held the tunnel for longer than it may: it ends, and its siblings go on.
    func stalled(_ key: StreamKey, since: ContinuousClock.Instant) {
        guard let stream = self.stream(key), stream.blockedSince == since else { return }
        self.cutOff(stream, .stalled)
    }

    private func cutOff(_ stream: CarrierStream, _ reason: CloseReason) {
        stream.end?.reset(reason)
        stream.end = nil
        self.localGone(stream, wasReset: true)
    }

    /// A count as the body of `pause` and `resume`.
    private static func decimal(_ count: UInt64) -> [UInt8] { Array(String(count).utf8) }
}
