package import EdgeMetering
package import NIOCore

/// TLS on a channel whose plaintext goes to an ordinary pipeline, to handlers that know nothing of it.
///
/// Writes are gathered until a flush and leave as one write. close_notify from the peer arrives as
/// `ChannelEvent.inputClosed`, the end of the handshake as ``TLSHandshakeCompleted``, and bytes that end without
/// close_notify as the error ``TLSError/truncated``. `close(mode: .output)` says close_notify first, and `close()` too.
///
/// An engine that is open already is one that another handler handed over. The pipeline behind may be made later, so
/// plaintext is held until that reads for the first time, or for a tick where the channel reads by itself.
package final class TLSServerHandler: ChannelDuplexHandler {
    /// What comes from the side of the socket.
    package typealias InboundIn = ByteBuffer
    /// What goes further in.
    package typealias InboundOut = ByteBuffer
    /// What comes from further in.
    package typealias OutboundIn = ByteBuffer
    /// What goes to the side of the socket.
    package typealias OutboundOut = ByteBuffer

    /// How long a close waits until what was written, close_notify last, has left.
    ///
    /// Whoever does not read for so long has gone, and a pipeline that cares for its last bytes awaits their write.
    static let closeDeadline = TimeAmount.seconds(5)

    let engine: TLSEngine
    let meters: ConnectionMeters?
    /// Writes that wait for a flush, or for the handshake.
    var queue = PlaintextQueue()
    /// Whether a flush was asked for before the handshake was done.
    var isFlushWanted = false
    /// Whether the pipeline behind asked for bytes and got none so far.
    var isReadWanted = false
    /// Plaintext that waits for the pipeline behind; nil once that reads.
    var held: ByteBuffer?
    /// Whether the delivery of held plaintext is on its way.
    var isDeliveryScheduled = false
    /// Whether the peer's close_notify came.
    var hasInputEnded = false
    /// Whether the pipeline behind was told of the end of input.
    var isInputEndTold = false
    /// Whether this side closes the connection.
    var isClosing = false
    /// The end of waiting in a close.
    var closeTimer: Scheduled<Void>?

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - engine: made for accepting, its handshake done or not begun.
    ///   - meters: what counts the connection's bytes, or nil.
    ///   - initialPlaintext: plaintext that was decrypted before, given to the pipeline behind first.
    package init(engine: TLSEngine, meters: ConnectionMeters? = nil, initialPlaintext: ByteBuffer = ByteBuffer()) {
        self.engine = engine
        self.meters = meters
        self.held = engine.isHandshakeComplete ? initialPlaintext : nil
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { self.deliverWhereChannelReads(context) }
    }

    /// The connection is there.
    package func channelActive(context: ChannelHandlerContext) {
        self.deliverWhereChannelReads(context)
        context.fireChannelActive()
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.closeTimer?.cancel()
        self.held = nil
        self.queue.take().promise?.fail(ChannelError.ioOnClosedChannel)
    }

    /// Takes what a read brought.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.receive(self.unwrapInboundIn(data), context)
    }

    /// Acts on what a read brought: from here on its buffer is unique.
    package func channelReadComplete(context: ChannelHandlerContext) {
        self.flushPendingOutput(context)
        guard self.held == nil else { return }
        context.fireChannelReadComplete()
        // The bytes held no plaintext yet: without another read the pipeline behind would wait for ever.
        if self.isReadWanted { context.read() }
    }

    /// Hears that the peer will send no more.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if let error = self.engine.inputEnded(), !self.isClosing { context.fireErrorCaught(error) }
        self.inputEnded(context)
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        self.closeTimer?.cancel()
        if let error = self.engine.inputEnded(), !self.isClosing { context.fireErrorCaught(error) }
        self.queue.take().promise?.fail(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    /// Lets the channel read, or holds the wish while nothing may be read.
    package func read(context: ChannelHandlerContext) {
        self.isReadWanted = true
        self.scheduleDelivery(context)
        context.read()
    }

    /// Takes plaintext to send.
    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.queue.append(self.unwrapOutboundIn(data), promise: promise)
    }

    /// Sends what was written.
    package func flush(context: ChannelHandlerContext) {
        self.flushQueue(context)
    }

    /// Ends a direction, or the connection.
    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .input: context.close(mode: .input, promise: promise)
        case .output: self.closeOutput(context, promise)
        case .all: self.closeAll(context, promise)
        }
    }
}
