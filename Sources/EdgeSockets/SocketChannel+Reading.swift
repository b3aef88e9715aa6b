import EdgeChannels
import EdgeSystem
import NIOCore

/// From the socket to the handlers.
extension SocketChannel {
    /// Notes that the handlers want the next read.
    package func read0() {
        guard self.state != .closed, !self.isInputOver else { return }
        self.isReadWanted = true
        guard self.isReadable, !self.isInLine, self.state == .active else { return }
        // Not at once: the handlers are still at what the last read brought.
        self.isInLine = true
        self.loop.readLater(self)
    }

    /// Asks the handlers whether to go on, where the channel reads by itself.
    func readOn() {
        guard self.readsByItself, self.state == .active, !self.isInputOver, !self.isReadWanted else { return }
        self.pipeline.read()
    }

    /// One read, and what it brought.
    func readOnce() {
        self.isReadWanted = false
        self.read(isLast: false)
        self.readOn()
    }

    /// Ends a connection that is broken: what the peer said before is read, wanted or not; the kernel holds no more than
    /// its buffer.
    ///
    /// - Parameters:
    ///   - code: the kernel's number.
    ///   - isTold: whether the kernel has told it, and will not tell the next read.
    func endBroken(_ code: Int32, isTold: Bool) {
        if isTold, code == StreamSocket.wasReset { self.failure = code }
        guard !self.isBroken else { return }
        self.isBroken = true
        self.isReadable = true
        self.hasPeerEnded = true
        while self.state == .active, !self.isInputOver, self.isReadable {
            self.read(isLast: true)
        }
        if self.state == .active { self.fail(code) }
    }

    private func read(isLast: Bool) {
        var buffer = self.settings.receive.buffer(allocator: ByteBufferAllocator())
        var outcome = StreamSocket.Outcome.wouldBlock
        let room = buffer.writableBytes
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { bytes in
            outcome = self.socket.read(into: bytes)
            if case .moved(let count) = outcome { return count }
            return 0
        }
        switch outcome {
        case .wouldBlock:
            self.isReadable = false
            // Nothing was read: the wish stands.
            if !isLast { self.isReadWanted = true }
        case .failed(let code):
            self.fail(code)
        case .moved(0):
            if let failure { self.fail(failure) } else { self.inputEnded() }
        case .moved(let count):
            // Less than there was room for is all there was, unless the end comes behind it.
            if count < room, !self.hasPeerEnded { self.isReadable = false }
            _ = self.settings.receive.record(actualReadBytes: count)
            self.pipeline.fireChannelRead(buffer)
            self.pipeline.fireChannelReadComplete()
        }
    }

    private func inputEnded() {
        guard self.settings.allowsHalfClosure, !self.isOutputOver else {
            self.close0(error: ChannelError.eof, mode: .all, promise: nil)
            return
        }
        self.isInputOver = true
        self.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// The connection broke.
    func fail(_ code: Int32) {
        let error = IOError(errnoCode: code, reason: "connection")
        self.pipeline.fireErrorCaught(error)
        self.close0(error: error, mode: .all, promise: nil)
    }
}
