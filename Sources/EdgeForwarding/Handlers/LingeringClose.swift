package import EdgeMetering
package import NIOCore

/// Sends a last answer, ends the output half, and reads the peer's rest away before it closes: to close over unread
/// bytes is a reset, and the peer may lose the answer.
package final class LingeringClose: ChannelInboundHandler {
    /// What comes from the side of the socket.
    package typealias InboundIn = ByteBuffer
    /// What goes to the side of the socket.
    package typealias OutboundOut = ByteBuffer

    /// How long the peer is waited for.
    static let patience = TimeAmount.seconds(1)
    /// How much is read away, in bytes.
    static let limit = 64 << 10

    private let meters: ConnectionMeters
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var drained = 0

    /// Creates a handler.
    ///
    /// - Parameter meters: what counts the connection's bytes.
    package init(meters: ConnectionMeters) {
        self.meters = meters
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.context = nil
    }

    /// Sends the last bytes.
    ///
    /// - Parameter bytes: the answer as it goes over the wire; none closes at once.
    package func answer(_ bytes: ByteBuffer) {
        guard let context else { return }
        let channel = context.channel
        guard bytes.readableBytes > 0 else {
            // A channel must not be closed while it is being made.
            if channel.isActive {
                channel.close(promise: nil)
            } else {
                context.eventLoop.execute { channel.close(promise: nil) }
            }
            return
        }
        let count = bytes.readableBytes
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { _ in
            self.meters.addRawSent(count)
            channel.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(self.wrapOutboundOut(bytes), promise: written)
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    /// Takes what a read brought.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = self.unwrapInboundIn(data).readableBytes
        self.meters.addRawReceived(count)
        self.drained += count
        if self.drained > Self.limit { context.close(promise: nil) }
    }

    /// Hears that the peer will send no more.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    /// The connection failed.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
    }
}
