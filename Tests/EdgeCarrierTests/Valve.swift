import NIOCore

/// Stands between a handler and its channel: counts reads, holds flushes back while it is shut, and notes closes, since an
/// embedded channel knows no halves.
final class Valve: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private(set) var reads = 0
    private(set) var closes: [CloseMode] = []
    private var isFlushHeld = false
    private var context: ChannelHandlerContext?

    /// Whether flushes are held back.
    var isShut = false {
        didSet {
            guard !self.isShut, self.isFlushHeld else { return }
            self.isFlushHeld = false
            self.context?.flush()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        self.reads += 1
        context.read()
    }

    func flush(context: ChannelHandlerContext) {
        if self.isShut {
            self.isFlushHeld = true
        } else {
            context.flush()
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.closes.append(mode)
        if mode == .output {
            promise?.succeed()
        } else {
            context.close(mode: mode, promise: promise)
        }
    }
}
