import EdgeConnections
import EdgeForwarding
import EdgeTypes
import NIOCore

/// Lets the table close a forwarded connection from any thread.
final class ChannelHandle: ConnectionHandle {
    private let loop: any EventLoop
    private let handler: NIOLoopBound<ForwardingHandler>

    init(channel: any Channel, handler: ForwardingHandler) {
        self.loop = channel.eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    func close(_ reason: CloseReason) {
        let handler = self.handler
        self.loop.execute {
            let far = handler.value.far
            handler.value.reset(reason)
            far.abandon()
        }
    }
}
