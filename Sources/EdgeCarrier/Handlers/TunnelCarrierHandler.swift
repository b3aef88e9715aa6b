package import EdgeChannels
package import EdgeMetering
package import EdgeTLS
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
package import NIOCore

/// A tunnel on a channel: the TLS engine, the WebSocket framer and the packer, driven by direct calls on one loop.
///
///     peer's bytes --decrypt--> plaintext --unmask, parse, note--> notes --slice--> stream ends --one flush each
///     stream ends' bytes --headers into the headroom--> one record run --encrypt--> out --one flush a tick--> peer
///
/// The handler decides nothing: streams have their machine, the WebSocket and the liveness of the peer have theirs.
package final class TunnelCarrierHandler: ChannelDuplexHandler {
    /// What comes from the side of the socket.
    package typealias InboundIn = ByteBuffer
    /// Nothing goes further in.
    package typealias InboundOut = Never
    /// Nothing comes from further in.
    package typealias OutboundIn = Never
    /// What goes to the side of the socket.
    package typealias OutboundOut = ByteBuffer

    /// What the carrier was made with.
    package let settings: CarrierSettings
    /// Bytes of the tunnel: raw at the socket, payload as bodies of packets.
    package let meters: ConnectionMeters
    /// What other threads see of the tunnel.
    package let pulse: CarrierPulse

    private let start: ContinuousClock.Instant
    private var added: NIODeadline?
    let pool: BufferPool
    let engine: TLSEngine?
    var owner: (any CarrierOwner)?
    var context: ChannelHandlerContext?

    var decoder: WebSocketFrameDecoder
    var unpacker: TunnelUnpacker
    var webSocket = WebSocketStateMachine()
    var liveness: TunnelLivenessStateMachine
    var understandsPause: Bool

    var streams: [StreamID: CarrierStream] = [:]
    /// Streams that are neither over nor in quarantine.
    var live = 0
    var serial: UInt64 = 0
    var health: ServiceHealthStateMachine
    /// Whether the peer may have stopped reading, as one generation does after a refusal.
    var isMaybeDeaf = false
    var notes: [CarrierNote] = []
    var touched: [CarrierStream] = []
    var inbound = InboundPacket()

    /// Ciphertext of this tick, not yet given to the channel.
    var out: ByteBuffer?
    var isFlushScheduled = false
    var stash: ByteBuffer?
    /// Whether the channel's own queue is above its high mark.
    var isFull = false {
        didSet { if self.isFull != oldValue { self.pulse.pressure.set(self.isFull) } }
    }
    /// Whose turn it is to be read.
    var scheduler: StreamScheduler<StreamID>
    var isServing = false
    var turnTimer: Scheduled<Void>?
    /// What waits in the channel, as the relay's budget was told.
    var queued = 0
    /// What the pong says that waits until the channel takes more.
    var owedPong: [UInt8]?
    /// Streams whose backlog stops the reading of the tunnel.
    var blockers: [CarrierStream] = []
    /// Bytes delivered to streams that took no more.
    var overrun = 0
    var isReadHeld = false
    /// Bytes of control messages written since the channel took no more.
    var controlWaiting = 0
    /// Bytes of the other packets without data written since the channel took no more.
    var noticesWaiting = 0
    /// Whether some stream's pause or resumption is to be told once the channel takes more.
    var owesPauses = false
    var hasEnded = false
    var isClosing = false

    var gates: DeadlineQueue<StreamKey>
    var quarantines: DeadlineQueue<StreamKey>
    var answers: DeadlineQueue<StreamKey>
    var remainders: DeadlineQueue<StreamKey>
    var stalls: DeadlineQueue<(key: StreamKey, since: ContinuousClock.Instant)>
    var timer: Scheduled<Void>?
    var timerDue: ContinuousClock.Instant?
    var livenessTimer: Scheduled<Void>?
    var heldTimer: Scheduled<Void>?
    var lingerTimer: Scheduled<Void>?

    /// Creates a carrier for a tunnel whose upgrade is done.
    ///
    /// - Parameters:
    ///   - settings: its side, its peer's kind, limits and times.
    ///   - engine: the TLS engine, its handshake done; nil for a WebSocket without TLS.
    ///   - buffers: the pools of the channel's loop.
    ///   - meters: what counts the tunnel's bytes.
    ///   - pulse: what other threads see of the tunnel.
    ///   - now: the present; what comes later is told by the loop's clock.
    package init(
        settings: CarrierSettings,
        engine: TLSEngine?,
        buffers: LoopBuffers,
        meters: ConnectionMeters,
        pulse: CarrierPulse,
        now: ContinuousClock.Instant
    ) {
        self.settings = settings
        self.start = now
        self.engine = engine
        self.pool = buffers.tunnels
        self.meters = meters
        self.pulse = pulse
        self.decoder = WebSocketFrameDecoder(
            expectsMask: settings.side == .relay,
            limits: WebSocketLimits(message: settings.message)
        )
        self.unpacker = TunnelUnpacker(
            limits: TunnelLimits(packet: ByteCount(settings.packet)),
            readsNames: settings.side == .agent
        )
        self.liveness = TunnelLivenessStateMachine(
            ping: settings.ping,
            pong: settings.pong,
            probe: settings.probe,
            at: now
        )
        self.health = ServiceHealthStateMachine(failures: settings.failures, rest: settings.rest)
        self.scheduler = StreamScheduler(quantum: settings.quantum)
        self.understandsPause = settings.profile.understandsPauseFromTheStart
        self.gates = DeadlineQueue(delay: settings.gate)
        self.quarantines = DeadlineQueue(delay: settings.quarantine)
        self.answers = DeadlineQueue(delay: settings.answer)
        self.remainders = DeadlineQueue(delay: min(settings.answered, settings.answer))
        self.stalls = DeadlineQueue(delay: settings.stall)
    }

    /// Whether the tunnel carries bytes.
    package var isOpen: Bool { !self.hasEnded && self.context != nil }

    /// How many streams the tunnel holds, those in quarantine included.
    package var streamCount: Int { self.streams.count }

    /// The present as the loop's clock has it, so that deadlines and the timers that serve them never disagree.
    var now: ContinuousClock.Instant {
        guard let context, let added else { return self.start }
        return self.start + Duration(context.eventLoop.now - added)
    }

    /// Begins: the owner is set and the peer's first bytes, read with the upgrade, are taken.
    ///
    /// - Parameters:
    ///   - owner: who is told and asked.
    ///   - plaintext: what came behind the upgrade, decrypted.
    package func start(owner: any CarrierOwner, plaintext: ByteBuffer) {
        self.owner = owner
        self.armLiveness()
        guard plaintext.readableBytes > 0 else { return }
        var copy = self.pool.take()
        copy.writeImmutableBuffer(plaintext)
        self.process(&copy)
        self.pool.give(copy)
    }

    /// Takes its place in the pipeline.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.added = context.eventLoop.now
    }

    /// Leaves the pipeline.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.finish(.tunnelClosed)
        self.context = nil
    }

    /// Takes what a read brought.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        guard !self.hasEnded else { return }
        if self.stash != nil { self.consumeStash() }
        self.stash = buffer
    }

    /// Acts on what a read brought: from here on its buffer is unique.
    package func channelReadComplete(context: ChannelHandlerContext) {
        self.consumeStash()
    }

    /// Lets the channel read, or holds the wish while nothing may be read.
    package func read(context: ChannelHandlerContext) {
        if !self.blockers.isEmpty, !self.hasEnded {
            self.isReadHeld = true
        } else {
            context.read()
        }
    }

    /// The socket takes more, or takes no more for now.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isFull = !context.channel.isWritable
        self.countQueue()
        guard !self.isFull, !self.hasEnded else { return }
        self.noticesWaiting = 0
        self.sendOwedPong()
        self.sendOwedPauses()
        self.serveWaiting()
    }

    /// Hears that the peer will send no more.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return }
        guard !self.isClosing else {
            context.close(promise: nil)
            return
        }
        self.consumeStash()
        self.finish(.upstreamClosed)
        self.closeChannelAfterFlush()
    }

    /// The connection failed.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.finish(.upstreamReset)
        context.close(mode: .all, promise: nil)
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        self.lingerTimer?.cancel()
        self.finish(.upstreamClosed)
    }

    /// Whether the process should be told of a buffer's end: the stash is unique only from here on.
    private func consumeStash() {
        guard let buffer = self.stash.take() else { return }
        self.meters.addRawReceived(buffer.readableBytes)
        let now = self.now
        if self.liveness.isSilent { self.pulse.setSilent(false) }
        self.liveness.bytesReceived(at: now)
        self.pulse.heard(at: now)
        self.receive(buffer)
    }
}
