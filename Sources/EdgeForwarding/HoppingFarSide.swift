package import EdgeCarrier
import EdgeTypes
package import NIOCore

/// The visitor's end of a stream whose tunnel lives on another loop.
///
/// Confined to the visitor's loop.
///
/// Only TLS without a server name comes here: the name is known when TLS has ended already, on some loop.
package final class HoppingFarSide {
    /// What may be between the loops, in bytes: four reads of a visitor.
    static let window = 256 << 10

    private let handler: ForwardingHandler
    private let visitorLoop: any EventLoop
    private let tunnelLoop: any EventLoop
    private let far: NIOLoopBoundBox<HoppingEnd?>
    private var inFlight = 0
    private var isWaiting = false

    private init(handler: ForwardingHandler, visitorLoop: any EventLoop, tunnelLoop: any EventLoop) {
        self.handler = handler
        self.visitorLoop = visitorLoop
        self.tunnelLoop = tunnelLoop
        self.far = NIOLoopBoundBox.makeEmptyBox(valueType: HoppingEnd.self, eventLoop: tunnelLoop)
    }

    /// Joins a visitor to a tunnel on another loop; called on the visitor's loop.
    ///
    /// - Parameters:
    ///   - handler: the visitor's handler; its far side is set.
    ///   - visitorLoop: the visitor's loop.
    ///   - tunnelLoop: the tunnel's loop.
    ///   - open: opens the stream; runs on the tunnel's loop; nil refuses the visitor.
    package static func join(
        _ handler: ForwardingHandler,
        on visitorLoop: any EventLoop,
        to tunnelLoop: any EventLoop,
        open: @escaping @Sendable () -> CarrierStream?
    ) {
        let side = HoppingFarSide(handler: handler, visitorLoop: visitorLoop, tunnelLoop: tunnelLoop)
        handler.far = .hop(side)
        let visitor = NIOLoopBoundBox<HoppingFarSide?>(side, eventLoop: visitorLoop)
        let far = side.far
        tunnelLoop.execute {
            guard let stream = open() else {
                visitorLoop.execute { visitor.value?.receive([.reset(.limit)]) }
                return
            }
            let end = HoppingEnd(stream: stream, visitor: visitor, on: visitorLoop)
            far.value = end
            stream.attach(end)
        }
    }

    var acceptsInput: Bool { self.inFlight < Self.window }

    func waitForTurn() {
        self.isWaiting = true
    }

    func send(_ bytes: ByteBuffer) {
        self.inFlight += bytes.readableBytes
        self.post(.bytes(bytes))
    }

    func inputEnded() {
        self.post(.end)
    }

    func gone(wasReset: Bool) {
        self.post(.gone(wasReset: wasReset))
    }

    func writabilityChanged(_ isWritable: Bool) {
        self.post(.writable(isWritable))
    }

    private func post(_ event: HopEvent) {
        let far = self.far
        self.tunnelLoop.execute { far.value?.receive([event]) }
    }

    /// Takes what the tunnel's loop sent.
    func receive(_ events: [HopEvent]) {
        var delivered = false
        for event in events {
            switch event {
            case .bytes(let bytes):
                self.handler.deliver(bytes)
                delivered = true
            case .taken(let count):
                self.inFlight -= count
            case .end:
                self.handler.endOutput()
            case .finish(let reason):
                self.handler.finish(reason)
            case .reset(let reason):
                self.handler.reset(reason)
            case .gone, .writable:
                break
            }
        }
        if delivered { self.handler.flush() }
        guard self.isWaiting, self.acceptsInput else { return }
        self.isWaiting = false
        self.handler.resumeReading()
    }
}
