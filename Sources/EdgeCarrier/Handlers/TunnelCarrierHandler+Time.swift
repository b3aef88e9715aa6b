import EdgeChannels
import EdgeTLS
import EdgeTunnel
package import EdgeTypes
package import EdgeWebSocket
import NIOCore
import Synchronization

/// What time does to a tunnel: gates, answers, quarantines, pings; and the end.
extension TunnelCarrierHandler {
    /// Sees to it that the earliest deadline of the queues is kept.
    func armTimer() {
        guard let context else { return }
        let due = [self.gates.next, self.quarantines.next, self.answers.next, self.remainders.next, self.stalls.next]
            .compactMap(\.self).min()
        guard let due, self.timerDue.map({ due < $0 }) ?? true else { return }
        self.timer?.cancel()
        self.timerDue = due
        let delay = TimeAmount(max(.zero, self.now.duration(to: due)))
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.timerFired() }
    }

    private func timerFired() {
        self.timer = nil
        self.timerDue = nil
        guard !self.hasEnded else { return }
        let now = self.now
        while let key = self.gates.popExpired(at: now) {
            if let stream = self.stream(key) { self.openGate(stream) }
        }
        while let key = self.answers.popExpired(at: now) {
            if let stream = self.stream(key) { self.answerExpired(stream) }
        }
        while let key = self.remainders.popExpired(at: now) {
            if let stream = self.stream(key) { self.answerExpired(stream) }
        }
        while let key = self.quarantines.popExpired(at: now) {
            guard let stream = self.stream(key), case .release = stream.machine.quarantineExpired() else { continue }
            self.remove(stream)
        }
        while let stall = self.stalls.popExpired(at: now) { self.stalled(stall.key, since: stall.since) }
        self.armTimer()
    }

    /// The visitor ended its half: an answer that has not begun is waited for longer than the rest of one that has.
    func awaitAnswer(_ stream: CarrierStream) {
        stream.receivedWhenWaiting = stream.received
        if stream.isAnswered {
            self.remainders.add(stream.key, at: self.now)
        } else {
            self.answers.add(stream.key, at: self.now)
        }
        self.armTimer()
    }

    /// The wait is over; while more of the answer came, or could not come as we do not read, it begins anew.
    private func answerExpired(_ stream: CarrierStream) {
        guard stream.received == stream.receivedWhenWaiting, self.blockers.isEmpty else {
            self.awaitAnswer(stream)
            return
        }
        guard case .sendEndAndFinishLocal = stream.machine.answerExpired() else { return }
        self.endedUnanswered(stream)
        self.retire(stream)
        self.sendEnd(on: stream)
        stream.end?.finish(.downstreamClosed)
        self.quarantines.add(stream.key, at: self.now)
    }

    /// Ends the tunnel for a breach of the peer, or for one of our reasons.
    ///
    /// - Parameters:
    ///   - reason: why.
    ///   - code: what the close frame says.
    ///   - text: the close frame's reason, for a person; the reason's token where empty.
    package func fail(_ reason: CloseReason, code: WebSocketCloseCode, text: String = "") {
        guard !self.hasEnded, self.context != nil else { return }
        if case .sendClose = self.webSocket.closeRequested(code) {
            self.writeClose(code, reason: text.isEmpty ? reason.rawValue : text)
        }
        self.finish(reason)
        self.closeChannelAfterFlush()
    }

    /// Tells the streams and the owner, once.
    func finish(_ reason: CloseReason) {
        guard !self.hasEnded else { return }
        self.hasEnded = true
        self.timer?.cancel()
        self.livenessTimer?.cancel()
        self.heldTimer?.cancel()
        self.blockers = []
        self.turnTimer?.cancel()
        let streams = self.streams
        self.streams = [:]
        self.live = 0
        self.pulse.streams.store(0, ordering: .relaxed)
        self.countQueue()
        self.touched = []
        // A packet that is cut off names a stream, and the stream this carrier.
        self.inbound = InboundPacket()
        for stream in streams.values {
            self.dropKept(stream)
            stream.end?.finish(reason == .shutdown ? .shutdown : .tunnelClosed)
            stream.end = nil
        }
        self.owner?.carrierEnded(reason)
        self.owner = nil
    }

    /// Ends the channel's output when what was written has left, close_notify included, then reads the peer's rest
    /// away: to close over unread bytes is a reset, and the peer may lose the close frame.
    ///
    /// A peer that takes or ends nothing is waited for until `linger` is over.
    func closeChannelAfterFlush() {
        guard let context, !self.isClosing else { return }
        self.isClosing = true
        self.engine?.shutdown()
        self.writePendingTLS()
        self.flushOut()
        let channel = context.channel
        let loop = context.eventLoop.assumeIsolated()
        self.lingerTimer = loop.scheduleTask(in: TimeAmount(self.settings.linger)) { channel.close(promise: nil) }
        let flushed = context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: flushed)
        guard self.isReadHeld else { return }
        self.isReadHeld = false
        context.read()
    }
}
