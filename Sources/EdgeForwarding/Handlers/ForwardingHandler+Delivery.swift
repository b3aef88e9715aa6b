import EdgeCarrier
import EdgeChannels
import EdgeMetering
import EdgeTLS
package import EdgeTypes
package import NIOCore

/// From the far side to the channel's peer, and the end of the channel.
extension ForwardingHandler {
    /// Takes bytes for the peer without sending them yet.
    ///
    /// - Parameter bytes: a slice of the far side's buffer.
    package func deliver(_ bytes: ByteBuffer) {
        if self.isDialing {
            self.queue(bytes)
            return
        }
        guard let context, self.flow.isOutputOpen else { return }
        self.meters.addPayloadSent(bytes.readableBytes)
        if self.engine != nil {
            self.encrypt(bytes)
            return
        }
        self.written += bytes.readableBytes
        // A slice that will wait is copied: it would keep the whole buffer that it is a part of.
        let mayWait = self.isBacklogged && bytes.storageCapacity > 2 * bytes.readableBytes
        context.write(self.wrapOutboundOut(mayWait ? ByteBuffer(buffer: bytes) : bytes), promise: nil)
    }

    /// Bytes that the socket has taken so far.
    package var taken: Int? {
        self.countSent()
        return self.counted
    }

    /// Sends what was delivered.
    package func flush() {
        guard !self.isDialing, let context else { return }
        self.writeOut()
        context.flush()
        self.countSent()
    }

    /// Says that nothing more will be delivered: the peer's input ends after what waits.
    package func endOutput() {
        if self.engine != nil, self.flow.isOutputOpen { self.sendCloseNotify() }
        self.drain(self.flow.outputEnded())
    }

    /// Ends both directions: what was delivered still reaches the peer, then the channel closes.
    ///
    /// A visitor whose tunnel ends before it said a word reads the failure's answer first.
    ///
    /// - Parameter reason: why.
    package func finish(_ reason: CloseReason) {
        if reason == .tunnelClosed { _ = self.deliverFailure(reason) }
        self.reason = self.reason ?? reason
        self.far = .nothing
        if self.engine != nil, self.flow.isOutputOpen { self.sendCloseNotify() }
        self.drain(self.flow.finished())
    }

    /// Closes at once with a reset; what waits is lost.
    ///
    /// A visitor whose upstream failed before it said a word reads the failure's answer instead.
    ///
    /// - Parameter reason: why.
    package func reset(_ reason: CloseReason) {
        if reason == .upstreamReset, self.deliverFailure(reason) {
            self.finish(reason)
            return
        }
        self.reason = self.reason ?? reason
        self.far = .nothing
        self.wasReset = true
        guard let context else {
            self.closed()
            return
        }
        self.countSent()
        ResetOnClose.arm(context.channel)
        context.close(mode: .all, promise: nil)
    }

    /// Delivers the failure's answer, where there is one and nothing was said before it.
    private func deliverFailure(_ reason: CloseReason) -> Bool {
        guard self.meters.payload.sent == 0, let answer = self.failureAnswer?(reason), !answer.isEmpty else {
            return false
        }
        self.failureAnswer = nil
        self.deliver(ByteBuffer(bytes: answer))
        return true
    }

    /// The channel could not be made: what waits is lost, and the far side is told.
    ///
    /// - Parameter reason: why.
    package func dialFailed(_ reason: CloseReason) {
        self.reason = self.reason ?? reason
        self.wasReset = true
        self.closed()
    }

    func connected() {
        guard self.isDialing, let context else { return }
        self.isDialing = false
        let queued = self.queued
        let wasFull = self.queuedBytes >= self.settings.highMark
        self.queued = []
        self.queuedBytes = 0
        self.waits(0)
        for bytes in queued {
            self.meters.addPayloadSent(bytes.readableBytes)
            self.written += bytes.readableBytes
            context.write(self.wrapOutboundOut(bytes), promise: nil)
        }
        self.flush()
        if wasFull, context.channel.isWritable { self.far.writabilityChanged(true) }
        if self.isDrainWanted { self.waitForDrain() }
    }

    private func queue(_ bytes: ByteBuffer) {
        guard self.flow.isOutputOpen else { return }
        let wasWritable = self.isWritable
        self.queued.append(ByteBuffer(buffer: bytes))
        self.queuedBytes += bytes.readableBytes
        self.waits(self.queuedBytes)
        if wasWritable, !self.isWritable { self.far.writabilityChanged(false) }
    }

    private func sendCloseNotify() {
        self.writeOut()
        self.engine?.shutdown()
        self.flushPendingTLS()
    }

    private func drain(_ action: FlowStateMachine.OnOutputEnded) {
        switch action {
        case .drain:
            self.isDrainWanted = true
            self.waitForDrain()
        case .linger:
            self.linger()
        case .ignore:
            break
        }
    }

    /// An empty write is done when everything before it has left; where nothing waits there is nothing to wait for.
    private func waitForDrain() {
        guard !self.isDialing, let context else { return }
        self.writeOut()
        context.flush()
        self.countSent()
        guard self.isBacklogged else {
            self.drained()
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in self.drained() }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: promise)
        self.watchDrain()
    }

    /// A peer that takes nothing of what it was to get last is not waited for any longer than `stall`.
    private func watchDrain() {
        guard let context else { return }
        let before = self.counted
        let stall = TimeAmount(self.settings.stall)
        self.drainTimer = context.eventLoop.assumeIsolated().scheduleTask(in: stall) {
            self.countSent()
            if self.counted == before { self.reset(.stalled) } else { self.watchDrain() }
        }
    }

    private func drained() {
        self.drainTimer?.cancel()
        self.drainTimer = nil
        self.countSent()
        switch self.flow.drained() {
        case .endOutput:
            self.context?.close(mode: .output, promise: nil)
        case .endOutputAndLinger:
            self.context?.close(mode: .output, promise: nil)
            self.linger()
        case .close:
            self.close()
        case .ignore:
            break
        }
    }

    private func linger() {
        guard let context else { return }
        let loop = context.eventLoop.assumeIsolated()
        self.lingerTimer = loop.scheduleTask(in: TimeAmount(self.settings.linger)) { self.close() }
        self.resumeReading()
    }

    /// Ends a connection for a breach of its peer.
    func fail(_ reason: CloseReason) {
        self.reason = self.reason ?? reason
        self.wasReset = true
        self.writeOut()
        self.flushPendingTLS()
        self.close()
    }

    /// Closes the channel; what still waits is lost.
    func close() {
        self.countSent()
        self.context?.close(mode: .all, promise: nil)
    }

    /// The channel is gone: the far side and the owner are told, once.
    func closed() {
        self.drainTimer?.cancel()
        self.drainTimer = nil
        self.lingerTimer?.cancel()
        self.lingerTimer = nil
        self.waits(0)
        _ = self.flow.closed()
        guard !self.hasClosed else { return }
        self.hasClosed = true
        let far = self.far
        self.far = .nothing
        far.gone(wasReset: self.wasReset)
        self.onClosed?(self.reason ?? (self.wasReset ? .downstreamReset : .downstreamClosed))
        self.onClosed = nil
        self.queued = []
    }

    /// Notes how much waits for the peer, where somebody counts that for all.
    private func waits(_ count: Int) {
        guard count != self.waiting else { return }
        self.settings.budget?.change(by: count - self.waiting)
        self.waiting = count
    }

    /// What was written and waits in the channel; nil where that is not known.
    private var bytesInChannel: Int? {
        if let backlog = self.backlog { return backlog.isClosed ? nil : backlog.backlog }
        return try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
    }

    /// Counts what the socket has taken since the last count.
    func countSent() {
        // A channel that is closed does not tell what it could not send: the last count stands.
        guard let waiting = self.bytesInChannel else { return }
        self.isBacklogged = waiting > 0
        self.waits(waiting)
        let sent = self.written - waiting
        guard sent > self.counted else { return }
        self.meters.addRawSent(sent - self.counted)
        self.counted = sent
    }
}
