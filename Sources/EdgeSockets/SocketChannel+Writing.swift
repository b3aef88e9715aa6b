import EdgeChannels
import EdgeSystem
package import NIOCore
import Synchronization

/// From the handlers to the socket, and the end of it.
extension SocketChannel {
    /// Puts bytes in line.
    ///
    /// - Parameters:
    ///   - data: a `ByteBuffer`.
    ///   - promise: kept when the kernel has taken them.
    package func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard self.state != .closed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        guard !self.isOutputOver, !self.ending.isWanted else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        self.pending.append(self.unwrapData(data, as: ByteBuffer.self), promise)
        if self.pending.bytes > self.settings.marks.high, self.isWritable {
            self.writability.store(false, ordering: .relaxed)
            self.pipeline.fireChannelWritabilityChanged()
        }
    }

    /// Sends what is in line.
    package func flush0() {
        self.pending.flush()
        self.writeOut()
    }

    /// Offers the kernel what was flushed until all is taken, or it takes no more.
    func writeOut() {
        guard self.state == .active, !self.isBlocked, !self.isWriting else { return }
        self.isWriting = true
        defer { self.isWriting = false }
        while self.state == .active {
            while self.pending.hasFlushed {
                switch self.pending.write(to: self.socket) {
                case .moved(let count):
                    for written in self.pending.took(count) { written.succeed(()) }
                case .wouldBlock:
                    self.isBlocked = true
                    self.drainedBelowMark()
                    return
                case .failed(let code):
                    // What the peer said last is read first.
                    self.endBroken(code, isTold: true)
                    return
                }
                guard self.state == .active else { return }
            }
            // Whoever hears that there is room again may fill it.
            self.drainedBelowMark()
            guard self.pending.hasFlushed else { break }
        }
        if self.ending.isWanted, self.state == .active, self.pending.isEmpty { self.endOutput() }
    }

    private func drainedBelowMark() {
        guard !self.isWritable, self.pending.bytes < self.settings.marks.low else { return }
        self.writability.store(true, ordering: .relaxed)
        self.pipeline.fireChannelWritabilityChanged()
    }

    /// Closes the channel, or one half of it.
    ///
    /// - Parameters:
    ///   - error: why, for the writes that are given up.
    ///   - mode: our output ends after what was flushed; everything ends at once.
    ///   - promise: kept when it is done.
    package func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard self.state != .closed else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        switch mode {
        case .all:
            self.closeAll(error, promise)
        case .output:
            guard !self.isOutputOver, !self.ending.isWanted else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            guard !self.isInputOver else {
                // The peer has ended already: with our end the connection is over, once it has what was flushed.
                guard !self.pending.isEmpty else { return self.closeAll(error, promise) }
                self.ending = (true, promise)
                return
            }
            self.ending = (true, promise)
            if self.pending.isEmpty { self.endOutput() }
        case .input:
            guard !self.isInputOver else {
                promise?.fail(ChannelError.inputClosed)
                return
            }
            self.isInputOver = true
            self.isReadWanted = false
            promise?.succeed(())
            self.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func endOutput() {
        let promise = self.ending.promise
        self.ending = (false, nil)
        guard !self.isInputOver else { return self.closeAll(ChannelError.eof, promise) }
        self.isOutputOver = true
        self.socket.finishWriting()
        promise?.succeed(())
        self.pipeline.fireUserInboundEventTriggered(ChannelEvent.outputClosed)
    }

    private func closeAll(_ error: any Error, _ promise: EventLoopPromise<Void>?) {
        let wasActive = self.state == .active
        self.state = .closed
        self.activity.store(false, ordering: .relaxed)
        self.isReadWanted = false
        self.loop.forget(self)
        self.socket.close()
        for broken in self.pending.abandon() { broken.fail(error) }
        self.ending.promise?.fail(error)
        self.ending = (false, nil)
        promise?.succeed(())
        if wasActive {
            self.pipeline.fireChannelInactive()
            self.pipeline.fireChannelUnregistered()
        }
        // A handler may be in the middle of something: it is taken out when it is not.
        self.loop.post {
            self.removeHandlers(pipeline: self.pipeline)
            self.closePromise.succeed(())
        }
    }
}

extension SocketChannel: WriteBacklog {
    /// Bytes that were written and that the kernel has not taken.
    package var backlog: Int { self.pending.bytes }

    /// Whether the channel is closed.
    package var isClosed: Bool { self.state == .closed }
}

extension SocketChannel: Resettable {
    /// Makes the next close a reset.
    package func resetOnClose() {
        guard self.state != .closed else { return }
        self.socket.resetOnClose()
    }
}
