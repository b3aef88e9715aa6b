package import EdgeChannels
package import EdgeTunnel
package import EdgeTypes
package import NIOCore

/// One stream of a tunnel: its state and its local end.
///
/// Confined to the tunnel's loop.
package final class CarrierStream {
    /// What the peer calls the stream.
    package let id: StreamID
    /// Which of the streams that had this identity it is.
    let serial: UInt64
    /// The stream's own part of every header that is sent for it.
    let label: TunnelLabel
    /// The service that the stream was opened as.
    package let service: TunnelService
    /// The port that the visitor dialled.
    package let servicePort: UInt16
    /// The name that the visitor asked for.
    package let name: Hostname?

    var machine: TunnelStreamStateMachine
    /// The local end: a visitor's channel, or a local service's; nil once it is gone.
    var end: (any StreamEnd)?
    /// When the stream was opened.
    let opened: ContinuousClock.Instant
    /// What the local side said while the gate was shut.
    var kept: [ByteBuffer] = []
    /// Bytes of it, as the relay's budget was told.
    var keptBytes = 0
    /// Whether the peer asked for a pause.
    var isPausedByPeer = false
    /// Whether the peer was asked for a pause.
    var hasPausedPeer = false
    /// Whether the local side takes more; false while too much waits for it.
    var isLocalWritable = true
    /// Whether bytes were delivered in this pass and not flushed.
    var isTouched = false
    /// What the local side's socket had taken at the last look.
    var took = 0
    /// When the last look found that it had taken something, or when it took no more.
    var tookAt: ContinuousClock.Instant
    /// What the local side's socket had taken when the stream began to stop the tunnel.
    var tookWhenBlocked = 0
    /// Since when the backlog of the stream stops the reading of the tunnel; nil while it does not.
    var blockedSince: ContinuousClock.Instant?
    /// Whether the peer is to be told, once it takes more, whether the stream pauses.
    var isPauseOwed = false
    /// Whether the stream counts among the open ones: it is not over, and not in quarantine.
    var isLive = true
    /// Whether it has shown what the peer's service is worth.
    var isJudged = false
    /// Bytes delivered while the local side took no more.
    var overrun = 0
    /// Bytes received from the peer for this stream.
    package private(set) var received: UInt64 = 0
    /// Bytes sent to the peer for this stream.
    package private(set) var sent: UInt64 = 0

    /// What had been received when the local side last said something.
    private var receivedBefore: UInt64 = 0
    /// What had been received when the wait for the rest of an answer began.
    var receivedWhenWaiting: UInt64 = 0

    private let carrier: TunnelCarrierHandler

    init(
        id: StreamID,
        label: TunnelLabel,
        service: TunnelService,
        servicePort: UInt16,
        name: Hostname?,
        machine: TunnelStreamStateMachine,
        carrier: TunnelCarrierHandler
    ) {
        self.id = id
        self.serial = carrier.nextSerial()
        self.opened = carrier.now
        self.tookAt = self.opened
        self.label = label
        self.service = service
        self.servicePort = servicePort
        self.name = name
        self.machine = machine
        self.carrier = carrier
    }

    /// Gives the stream its local end.
    ///
    /// - Parameter end: a visitor's or a service's channel.
    package func attach(_ end: any StreamEnd) {
        self.end = end
    }

    /// What stands for the stream where it must not be held.
    var key: StreamKey { StreamKey(id: self.id, serial: self.serial) }

    /// Whether the peer has said something since the local side last did.
    var isAnswered: Bool { self.received > self.receivedBefore }

    /// Whether the local side may be read now.
    package var acceptsInput: Bool {
        self.machine.acceptsLocalBytes && !self.isPausedByPeer && self.carrier.mayRead(self)
    }

    /// Sends bytes of the local side to the peer.
    ///
    /// - Parameter buffer: unique, with headroom before its reader index; its bytes are changed in place.
    package func send(_ buffer: inout ByteBuffer) {
        guard self.carrier.isOpen else { return }
        self.sent &+= UInt64(buffer.readableBytes)
        self.receivedBefore = self.received
        self.carrier.send(&buffer, on: self)
    }

    /// Stands in line: the local side is ready to be read and was refused.
    package func waitForTurn() {
        guard self.carrier.isOpen else { return }
        self.carrier.enqueue(self)
    }

    /// The local side will send no more.
    package func localEnded() {
        guard self.carrier.isOpen else { return }
        self.carrier.localEnded(self)
    }

    /// The local side is gone.
    ///
    /// - Parameter wasReset: whether it ended by a reset or an error.
    package func localGone(wasReset: Bool) {
        self.end = nil
        guard self.carrier.isOpen else { return }
        self.carrier.localGone(self, wasReset: wasReset)
    }

    /// The local side takes more, or takes no more for now.
    ///
    /// - Parameter isWritable: whether it takes more.
    package func localWritabilityChanged(_ isWritable: Bool) {
        guard self.carrier.isOpen, self.isLocalWritable != isWritable else { return }
        self.isLocalWritable = isWritable
        self.carrier.localWritabilityChanged(self)
    }

    /// Counts bytes that came from the peer.
    func countReceived(_ count: Int) {
        self.received &+= UInt64(count)
    }
}
