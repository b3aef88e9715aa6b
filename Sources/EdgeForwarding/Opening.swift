package import EdgeChannels
package import EdgeMetering
package import EdgeTLS
package import NIOCore

/// A connection whose first plaintext has decided where it goes: what its next handler needs.
package struct Opening {
    /// The place in the pipeline that the next handler takes.
    package let context: ChannelHandlerContext
    /// The TLS engine, its handshake done; nil for a connection without TLS.
    package let engine: TLSEngine?
    /// What counts the connection's bytes.
    package let meters: ConnectionMeters
    /// What the peer has said so far, decrypted.
    package let plaintext: ByteBuffer
    /// Whether the peer has said already that it will send no more.
    package var isInputEnded = false

    /// Puts a handler into the pipeline, in place of the one that collected.
    ///
    /// - Parameter handler: the next handler.
    package func add(_ handler: any ChannelHandler) {
        do {
            try self.context.pipeline.syncOperations.addHandler(handler, position: .after(self.context.handler))
        } catch {
            self.context.close(promise: nil)
        }
    }

    /// Makes this a forwarded connection; the handler's far side is set before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - settings: limits and times.
    ///   - buffers: the pools of the channel's loop.
    /// - Returns: the handler.
    package func forwardingHandler(settings: ForwardingSettings, buffers: LoopBuffers) -> ForwardingHandler {
        ForwardingHandler(settings: settings, buffers: buffers, meters: self.meters, engine: self.engine)
    }

    /// Puts a forwarding handler into the pipeline and gives it what was said so far.
    ///
    /// - Parameter handler: the handler, its far side set.
    package func start(_ handler: ForwardingHandler) {
        self.add(handler)
        handler.start(plaintext: self.plaintext)
        if self.isInputEnded { handler.inputEnded() }
    }

    /// Writes bytes before the next handler is there: the answer to an upgrade.
    ///
    /// - Parameter bytes: plaintext.
    package func write(_ bytes: [UInt8]) {
        let output = self.encrypted(bytes)
        self.meters.addRawSent(output.readableBytes)
        self.context.writeAndFlush(NIOAny(output), promise: nil)
    }

    /// Answers, ends TLS, and closes when the peer has read it.
    ///
    /// - Parameter bytes: plaintext: a page, or the refusal of an upgrade.
    package func answer(_ bytes: [UInt8]) {
        var output = self.encrypted(bytes)
        self.meters.addPayloadSent(bytes.count)
        if let engine {
            engine.shutdown()
            output.writeBytes(engine.takePendingOutput())
        }
        let handler = LingeringClose(meters: self.meters)
        self.add(handler)
        handler.answer(output)
    }

    private func encrypted(_ bytes: [UInt8]) -> ByteBuffer {
        guard let engine else { return ByteBuffer(bytes: bytes) }
        let bound = TLSEngine.ciphertextBound(forPlaintext: bytes.count)
        var output = ByteBufferAllocator().buffer(capacity: bound)
        if engine.hasPendingOutput { output.writeBytes(engine.takePendingOutput()) }
        output.writeWithOutputRawSpan(minimumWritableBytes: bound) { span in
            try? engine.send(bytes.span.bytes, into: &span)
        }
        return output
    }
}
