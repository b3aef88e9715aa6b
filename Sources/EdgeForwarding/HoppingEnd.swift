import EdgeCarrier
import EdgeChannels
package import EdgeTypes
package import NIOCore

/// The tunnel's end of a stream whose visitor lives on another loop.
///
/// Confined to the tunnel's loop.
///
/// What one pass delivers hops as one batch; what the visitor sends waits here until the tunnel takes it, and is only
/// then acknowledged, so that no more than the window is ever between the loops.
package final class HoppingEnd: StreamEnd {
    private let visitorLoop: any EventLoop
    private let visitor: NIOLoopBoundBox<HoppingFarSide?>
    private var stream: CarrierStream?
    private var outgoing: [HopEvent] = []
    private var incoming: [HopEvent] = []

    init(stream: CarrierStream, visitor: NIOLoopBoundBox<HoppingFarSide?>, on visitorLoop: any EventLoop) {
        self.stream = stream
        self.visitor = visitor
        self.visitorLoop = visitorLoop
    }

    /// What the visitor's socket took is not known here.
    package var taken: Int? { nil }

    /// Takes bytes for the visitor without sending them yet.
    ///
    /// - Parameter bytes: a slice of the carrier's buffer.
    package func deliver(_ bytes: ByteBuffer) {
        self.outgoing.append(.bytes(bytes))
    }

    /// Sends what was delivered to the visitor's loop, in one hop.
    package func flush() {
        guard !self.outgoing.isEmpty else { return }
        let events = self.outgoing
        let visitor = self.visitor
        self.outgoing.removeAll(keepingCapacity: true)
        self.visitorLoop.execute { visitor.value?.receive(events) }
    }

    /// Says that nothing more will be delivered.
    package func endOutput() {
        self.outgoing.append(.end)
        self.flush()
    }

    /// Ends both directions after what was delivered.
    ///
    /// - Parameter reason: why.
    package func finish(_ reason: CloseReason) {
        self.outgoing.append(.finish(reason))
        self.flush()
        self.release()
    }

    /// Closes at once with a reset.
    ///
    /// - Parameter reason: why.
    package func reset(_ reason: CloseReason) {
        self.outgoing.append(.reset(reason))
        self.flush()
        self.release()
    }

    /// Lets what waits go on to the tunnel.
    package func resumeReading() {
        self.forward()
    }

    /// Takes what the visitor's loop sent.
    ///
    /// Whether the visitor takes more concerns the other direction, and a reset discards: neither stands behind bytes
    /// that the tunnel does not take yet.
    func receive(_ events: [HopEvent]) {
        for event in events {
            switch event {
            case .writable(let isWritable):
                self.stream?.localWritabilityChanged(isWritable)
            case .gone(wasReset: true):
                self.incoming = [event]
            case .bytes, .end, .gone, .taken, .finish, .reset:
                self.incoming.append(event)
            }
        }
        self.forward()
    }

    /// Lets go of the visitor's end, which holds this one.
    private func release() {
        let visitor = self.visitor
        self.stream = nil
        self.incoming = []
        self.visitorLoop.execute { visitor.value = nil }
    }

    private func forward() {
        var taken = 0
        while let stream, let event = self.incoming.first {
            switch event {
            case .bytes(var bytes):
                guard stream.acceptsInput else {
                    stream.waitForTurn()
                    self.acknowledge(taken)
                    return
                }
                self.incoming.removeFirst()
                taken += bytes.readableBytes
                stream.send(&bytes)
                continue
            case .end:
                stream.localEnded()
            case .gone(let wasReset):
                self.release()
                stream.localGone(wasReset: wasReset)
            case .writable, .taken, .finish, .reset:
                break
            }
            if !self.incoming.isEmpty { self.incoming.removeFirst() }
        }
        if self.stream == nil { self.incoming.removeAll() }
        self.acknowledge(taken)
    }

    private func acknowledge(_ count: Int) {
        guard count > 0 else { return }
        self.outgoing.append(.taken(count))
        self.flush()
    }
}
