package import EdgeChannels
package import EdgeMetering
package import EdgeTLS
package import EdgeTypes
package import NIOCore

/// A visitor's or a service's channel: bytes both ways, back pressure, half close, errors; with TLS ended here where it
/// was made with an engine.
///
/// The channel reads into a pooled buffer with headroom, and what it read goes to the far side in one call. What the far
/// side delivers is written as it comes and flushed once a pass.
package final class ForwardingHandler: ChannelDuplexHandler, StreamEnd {
    /// What comes from the side of the socket.
    package typealias InboundIn = ByteBuffer
    /// Nothing goes further in.
    package typealias InboundOut = Never
    /// Nothing comes from further in.
    package typealias OutboundIn = Never
    /// What goes to the side of the socket.
    package typealias OutboundOut = ByteBuffer

    /// Bytes of the connection: raw at the socket, payload as the far side sees them.
    package let meters: ConnectionMeters
    /// What the channel writes to.
    package var far = FarSide.nothing
    /// What a visitor reads whose upstream failed before it said a word; off the path of bytes.
    package var failureAnswer: ((CloseReason) -> [UInt8])?
    /// Told once when the channel is gone; off the path of bytes.
    package var onClosed: ((CloseReason) -> Void)?

    /// Limits and times.
    package let settings: ForwardingSettings
    let pool: BufferPool
    let engine: TLSEngine?
    var context: ChannelHandlerContext?
    /// The channel, where it tells what waits in it.
    var backlog: (any WriteBacklog)?
    var flow = FlowStateMachine()
    var stash: ByteBuffer?
    var preamble: Preamble?
    var isInputSealed = false
    var isReadHeld = false
    /// Ciphertext of this pass.
    var out: ByteBuffer?
    /// What was delivered before the channel was there.
    var queued: [ByteBuffer] = []
    var queuedBytes = 0
    var isDialing: Bool
    /// Bytes given to the channel so far, and of those the ones counted as sent.
    var written = 0
    var counted = 0
    /// Whether the socket did not take everything at the last flush.
    var isBacklogged = false
    /// What of it waits, as the relay's budget was told.
    var waiting = 0
    var reason: CloseReason?
    var wasReset = false
    var lingered = 0
    var lingerTimer: Scheduled<Void>?
    var drainTimer: Scheduled<Void>?
    var isDrainWanted = false
    var hasClosed = false

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - settings: limits and times.
    ///   - buffers: the pools of the channel's loop.
    ///   - meters: what counts the connection's bytes.
    ///   - engine: the TLS engine, its handshake done; nil where bytes pass as they are.
    ///   - preamble: what takes the place of the connection's first bytes; after it nothing more is read.
    ///   - isDialing: whether the channel is not there yet, so that what is delivered waits.
    package init(
        settings: ForwardingSettings,
        buffers: LoopBuffers,
        meters: ConnectionMeters,
        engine: TLSEngine? = nil,
        preamble: Preamble? = nil,
        isDialing: Bool = false
    ) {
        self.settings = settings
        self.pool = buffers.streams
        self.meters = meters
        self.engine = engine
        self.preamble = preamble
        self.isDialing = isDialing
    }

    /// Whether the channel takes more.
    package var isWritable: Bool {
        if self.isDialing { return self.queuedBytes < self.settings.highMark }
        return self.context?.channel.isWritable ?? false
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        guard !self.hasClosed else {
            // The far side went away while the channel was dialled.
            context.close(promise: nil)
            return
        }
        self.context = context
        self.backlog = context.channel as? any WriteBacklog
        if context.channel.isActive { self.connected() }
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.closed()
        self.context = nil
        self.backlog = nil
    }

    /// The connection is there.
    package func channelActive(context: ChannelHandlerContext) {
        self.connected()
    }

    /// Lets the channel read, or holds the wish while nothing may be read.
    package func read(context: ChannelHandlerContext) {
        if self.mayRead {
            context.read()
        } else {
            self.isReadHeld = true
            self.far.waitForTurn()
        }
    }

    /// Takes what a read brought.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.stash != nil { self.consumeStash() }
        self.stash = self.unwrapInboundIn(data)
    }

    /// Acts on what a read brought: from here on its buffer is unique.
    package func channelReadComplete(context: ChannelHandlerContext) {
        self.consumeStash()
    }

    /// The socket takes more, or takes no more for now.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.countSent()
        self.far.writabilityChanged(context.channel.isWritable)
    }

    /// Hears that the peer will send no more.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return }
        self.consumeStash()
        if let engine, self.flow.isInputOpen, engine.inputEnded() != nil {
            self.fail(.truncated)
            return
        }
        self.inputEnded()
    }

    /// The connection failed.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.countSent()
        self.reason = self.reason ?? .downstreamReset
        self.wasReset = true
        context.close(mode: .all, promise: nil)
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        self.closed()
    }

    /// Takes bytes that were read before the handler was there, decrypted already.
    ///
    /// - Parameter plaintext: what the peer said first.
    package func start(plaintext: ByteBuffer) {
        guard plaintext.readableBytes > 0 else { return }
        self.meters.addPayloadReceived(plaintext.readableBytes)
        var buffer = self.pool.take()
        if plaintext.readableBytes > buffer.writableBytes {
            buffer.reserveCapacity(minimumWritableBytes: plaintext.readableBytes)
        }
        buffer.writeImmutableBuffer(plaintext)
        self.far.send(&buffer)
        self.pool.give(buffer)
    }

    /// What nobody takes is read away only when all output has left: a peer that speaks on must not cut its answer short.
    private var mayRead: Bool {
        if self.lingerTimer != nil { return true }
        return self.flow.isInputOpen && !self.isInputSealed && self.far.acceptsInput
    }

    private func consumeStash() {
        guard var buffer = self.stash.take() else { return }
        self.meters.addRawReceived(buffer.readableBytes)
        // The end of the peer's input brings what waits in the socket, read or not.
        guard self.flow.isInputOpen, !self.isInputSealed else {
            self.lingered += buffer.readableBytes
            self.pool.give(buffer)
            if self.lingerTimer != nil, self.lingered > self.settings.lingerBytes { self.close() }
            return
        }
        if self.engine != nil {
            self.decrypt(buffer)
        } else {
            self.skipPreamble(&buffer)
            if buffer.readableBytes > 0 {
                self.meters.addPayloadReceived(buffer.readableBytes)
                self.far.send(&buffer)
            }
        }
        self.pool.give(buffer)
    }

    private func skipPreamble(_ buffer: inout ByteBuffer) {
        guard var preamble else { return }
        let count = min(preamble.skip, buffer.readableBytes)
        preamble.skip -= count
        buffer.clear()
        self.preamble = preamble
        guard preamble.skip == 0 else { return }
        self.preamble = nil
        self.isInputSealed = true
        self.meters.addPayloadReceived(preamble.replacement.readableBytes)
        buffer.reserveCapacity(LoopBuffers.headroom + preamble.replacement.readableBytes)
        buffer.moveWriterIndex(to: LoopBuffers.headroom)
        buffer.moveReaderIndex(to: LoopBuffers.headroom)
        buffer.writeImmutableBuffer(preamble.replacement)
        self.far.send(&buffer)
        buffer.clear()
    }

    func inputEnded() {
        switch self.flow.inputEnded() {
        case .tellFarSide:
            // One request went on alone: that its visitor says no more is told when the service has ended.
            guard !self.isInputSealed else { return }
            self.far.inputEnded()
        case .tellFarSideAndClose:
            self.far.inputEnded()
            self.close()
        case .close:
            self.close()
        case .ignore:
            break
        }
    }

    /// Lets reading go on, after the far side had refused input.
    package func resumeReading() {
        guard self.isReadHeld, let context, self.mayRead else {
            if self.isReadHeld { self.far.waitForTurn() }
            return
        }
        self.isReadHeld = false
        context.read()
    }
}
