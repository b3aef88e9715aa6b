package import EdgeChannels
package import EdgeMetering
package import EdgeTLS
package import EdgeTypes
package import NIOCore

/// The first part of a connection whose plaintext decides where it goes: TLS ends here (or there is none), the first
/// plaintext is collected, and when its owner has seen enough the next handler takes over engine and bytes.
///
/// One deadline covers the handshake and another what must follow it; one limit covers the plaintext.
package final class OpeningHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// What comes from the side of the socket.
    package typealias InboundIn = ByteBuffer
    /// What goes to the side of the socket.
    package typealias OutboundOut = ByteBuffer

    /// What the owner says to the plaintext so far.
    package enum Verdict {
        /// More is needed.
        case wait
        /// Another handler takes over: the closure puts it into the pipeline.
        case open((Opening) -> Void)
        /// These bytes are the answer; then the connection closes.
        case answer([UInt8], CloseReason)
    }

    /// Asked when the handshake is done, and whenever plaintext came since.
    package typealias Decision = (_ plaintext: ByteBuffer, _ summary: TLSHandshakeSummary?) -> Verdict

    /// Most plaintext that is collected, in bytes.
    private let limit: Int
    private let deadline: Duration
    private let patience: Duration
    private let engine: TLSEngine?
    private let meters: ConnectionMeters
    private let pool: BufferPool
    /// What is said first where this side dialled: the request of an upgrade.
    private let greeting: [UInt8]?
    private let decide: Decision
    private let ended: (CloseReason) -> Void

    private var plaintext = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - engine: the TLS engine, its handshake not begun; nil for a connection without TLS.
    ///   - buffers: the pools of the channel's loop.
    ///   - meters: what counts the connection's bytes.
    ///   - limit: most plaintext that is collected, in bytes.
    ///   - deadline: time for the handshake.
    ///   - patience: time for the plaintext after it; that of the handshake where nil.
    ///   - greeting: what is said first where this side dialled; nil where it was dialled.
    ///   - decide: says when there is enough.
    ///   - ended: told when the connection ends before another handler took over.
    package init(
        engine: TLSEngine?,
        buffers: LoopBuffers,
        meters: ConnectionMeters,
        limit: Int,
        deadline: Duration,
        patience: Duration? = nil,
        greeting: [UInt8]? = nil,
        decide: @escaping Decision,
        ended: @escaping (CloseReason) -> Void
    ) {
        self.engine = engine
        self.pool = buffers.tunnels
        self.meters = meters
        self.limit = limit
        self.deadline = deadline
        self.patience = patience ?? deadline
        self.greeting = greeting
        self.decide = decide
        self.ended = ended
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.arm(self.deadline, context)
        if context.channel.isActive { self.begin(context) }
    }

    /// What is awaited must come in time.
    private func arm(_ limit: Duration, _ context: ChannelHandlerContext) {
        self.timer?.cancel()
        let channel = context.channel
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
            self.end(self.isHandshakeDone ? .sniffTimeout : .handshakeTimeout)
            channel.close(promise: nil)
        }
    }

    /// The connection is there.
    package func channelActive(context: ChannelHandlerContext) {
        self.begin(context)
    }

    /// The side that dialled speaks first.
    private func begin(_ context: ChannelHandlerContext) {
        guard let greeting else { return }
        guard let engine else {
            self.meters.addRawSent(greeting.count)
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: greeting)), promise: nil)
            return
        }
        do throws(TLSError) {
            try engine.startHandshake()
            self.flushPending(context)
        } catch {
            self.close(context, .handshakeFailed)
        }
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.cancel()
    }

    /// Takes what a read brought.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        guard !self.isOver else { return }
        self.meters.addRawReceived(buffer.readableBytes)
        guard let engine else {
            self.plaintext.writeImmutableBuffer(buffer)
            self.ask(context)
            return
        }
        var consumed = 0
        var isHandshakeNew = false
        var outcome = TLSReceipt.Outcome.outputFull
        while case .outputFull = outcome {
            var output = self.pool.take()
            output.writeWithOutputRawSpan(minimumWritableBytes: output.writableBytes) { span in
                let receipt = engine.receive(buffer.readableBytesSpan.extracting(droppingFirst: consumed), into: &span)
                consumed += receipt.consumed
                isHandshakeNew = isHandshakeNew || receipt.handshakeJustCompleted
                outcome = receipt.outcome
            }
            if output.readableBytes > 0 { self.plaintext.writeImmutableBuffer(output) }
            self.pool.give(output)
        }
        self.flushPending(context)
        if isHandshakeNew, self.patience != self.deadline { self.arm(self.patience, context) }
        if isHandshakeNew, let greeting {
            Opening(context: context, engine: engine, meters: self.meters, plaintext: ByteBuffer()).write(greeting)
        }
        switch outcome {
        case .needsBytes, .outputFull:
            if engine.isHandshakeComplete { self.ask(context) }
        case .closed:
            if engine.isHandshakeComplete { self.ask(context, isInputEnded: true) }
            if !self.isOver { self.close(context, .downstreamClosed) }
        case .failed:
            self.close(context, engine.isHandshakeComplete ? .tlsFailed : .handshakeFailed)
        }
    }

    /// Hears that the peer will send no more.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent, !self.isOver else { return }
        self.close(context, self.isHandshakeDone ? .downstreamClosed : .handshakeFailed)
    }

    /// The connection failed.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.close(context, .downstreamReset)
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        self.end(.downstreamClosed)
    }

    private var isHandshakeDone: Bool { self.engine?.isHandshakeComplete ?? true }

    private func ask(_ context: ChannelHandlerContext, isInputEnded: Bool = false) {
        switch self.decide(self.plaintext, self.engine?.summary) {
        case .wait:
            guard self.plaintext.readableBytes > self.limit else { return }
            self.close(context, .prefaceTooLarge)
        case .open(let takeOver):
            self.isOver = true
            self.timer?.cancel()
            let plaintext = self.plaintext
            self.plaintext = ByteBuffer()
            takeOver(
                Opening(
                    context: context,
                    engine: self.engine,
                    meters: self.meters,
                    plaintext: plaintext,
                    isInputEnded: isInputEnded
                )
            )
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        case .answer(let bytes, let reason):
            self.answer(context, bytes, reason)
        }
    }

    private func answer(_ context: ChannelHandlerContext, _ bytes: [UInt8], _ reason: CloseReason) {
        self.isOver = true
        self.timer?.cancel()
        Opening(context: context, engine: self.engine, meters: self.meters, plaintext: ByteBuffer()).answer(bytes)
        self.ended(reason)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func flushPending(_ context: ChannelHandlerContext) {
        guard let engine, engine.hasPendingOutput else { return }
        let bytes = engine.takePendingOutput()
        self.meters.addRawSent(bytes.count)
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func close(_ context: ChannelHandlerContext, _ reason: CloseReason) {
        self.end(reason)
        if reason != .handshakeFailed { self.engine?.shutdown() }
        self.flushPending(context)
        context.close(promise: nil)
    }

    private func end(_ reason: CloseReason) {
        guard !self.isOver else { return }
        self.isOver = true
        self.timer?.cancel()
        self.ended(reason)
    }
}
