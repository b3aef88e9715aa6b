package import NIOCore

/// Stands between a handler and its channel: counts reads, holds flushes back while it is shut, and notes closes, since an
/// embedded channel knows no halves.
package final class Valve: ChannelOutboundHandler {
    /// What the handler writes.
    package typealias OutboundIn = ByteBuffer
    /// What goes on to the channel.
    package typealias OutboundOut = ByteBuffer

    /// Wishes to read so far.
    package private(set) var reads = 0
    /// Closes so far.
    package private(set) var closes: [CloseMode] = []
    private var isFlushHeld = false
    private var context: ChannelHandlerContext?

    /// Creates a valve that is open.
    package init() {}

    /// Whether flushes are held back.
    package var isShut = false {
        didSet {
            guard !self.isShut, self.isFlushHeld else { return }
            self.isFlushHeld = false
            self.context?.flush()
        }
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Counts a wish to read.
    package func read(context: ChannelHandlerContext) {
        self.reads += 1
        context.read()
    }

    /// Flushes, or holds that back.
    package func flush(context: ChannelHandlerContext) {
        if self.isShut {
            self.isFlushHeld = true
        } else {
            context.flush()
        }
    }

    /// Notes a close.
    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.closes.append(mode)
        if mode == .output {
            promise?.succeed()
        } else {
            context.close(mode: mode, promise: promise)
        }
    }
}
