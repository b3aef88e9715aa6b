import EdgeMetering
import NIOCore

/// Plaintext to ciphertext, what the engine says by itself, and the ways to close.
extension TLSServerHandler {
    /// Encrypts everything that waits and writes it at once, after what the engine has to say by itself.
    func flushQueue(_ context: ChannelHandlerContext) {
        guard self.engine.isHandshakeComplete else {
            self.isFlushWanted = true
            self.flushPendingOutput(context)
            return
        }
        self.isFlushWanted = false
        guard !self.queue.isEmpty else {
            self.flushPendingOutput(context)
            context.flush()
            return
        }
        let (buffers, promise) = self.queue.take()
        let bound = buffers.reduce(0) { $0 + TLSEngine.ciphertextBound(forPlaintext: $1.readableBytes) }
        var output = context.channel.allocator.buffer(capacity: bound)
        self.movePendingOutput(into: &output)
        do throws(TLSError) {
            for buffer in buffers { try self.encrypt(buffer, into: &output) }
        } catch {
            promise?.fail(error)
            self.fail(error, context)
            return
        }
        self.movePendingOutput(into: &output)
        self.meters?.addRawSent(output.readableBytes)
        context.writeAndFlush(self.wrapOutboundOut(output), promise: promise)
    }

    private func encrypt(_ plaintext: ByteBuffer, into output: inout ByteBuffer) throws(TLSError) {
        let bound = TLSEngine.ciphertextBound(forPlaintext: plaintext.readableBytes)
        try output.writeWithOutputRawSpan(minimumWritableBytes: bound) { (span: inout OutputRawSpan) throws(TLSError) in
            try self.engine.send(plaintext.readableBytesSpan, into: &span)
        }
        self.meters?.addPayloadSent(plaintext.readableBytes)
    }

    /// Writes what the engine has to say by itself.
    func flushPendingOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
        guard self.engine.hasPendingOutput || promise != nil else { return }
        var output = ByteBuffer()
        self.movePendingOutput(into: &output)
        self.meters?.addRawSent(output.readableBytes)
        context.writeAndFlush(self.wrapOutboundOut(output), promise: promise)
    }

    private func movePendingOutput(into output: inout ByteBuffer) {
        guard self.engine.hasPendingOutput else { return }
        output.writeBytes(self.engine.takePendingOutput())
    }

    /// Says close_notify after all that was written, then ends the output of the channel.
    func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        self.sayGoodbye(context)
        self.flushPendingOutput(context)
        context.close(mode: .output, promise: promise)
    }

    /// Says close_notify after all that was written, and closes when it has left or the deadline is over.
    func closeAll(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        guard !self.isClosing else {
            context.close(promise: promise)
            return
        }
        self.sayGoodbye(context)
        // A failure on the way out closes too.
        guard !self.isClosing else {
            context.close(promise: promise)
            return
        }
        self.isClosing = true
        let loop = context.eventLoop.assumeIsolated()
        let hasLeft = context.eventLoop.makePromise(of: Void.self)
        self.closeTimer = loop.scheduleTask(in: Self.closeDeadline) { context.close(promise: nil) }
        hasLeft.futureResult.assumeIsolated().whenComplete { _ in
            self.closeTimer?.cancel()
            context.close(promise: promise)
        }
        self.flushPendingOutput(context, promise: hasLeft)
    }

    private func sayGoodbye(_ context: ChannelHandlerContext) {
        guard self.engine.isHandshakeComplete, !self.isClosing else { return }
        if !self.queue.isEmpty { self.flushQueue(context) }
        self.engine.shutdown()
    }
}
