import EdgeChannels
import EdgeTunnel
import EdgeTypes
import NIOCore

/// Back pressure of slow local sides: a pause where the peer knows one, else the tunnel is not read.
extension TunnelCarrierHandler {
    /// The local side of a stream takes more, or takes no more.
    func localWritabilityChanged(_ stream: CarrierStream<End>) {
        if stream.isLocalWritable {
            self.noLongerBlocks(stream)
            guard stream.hasPausedPeer else { return }
            stream.hasPausedPeer = false
            if !stream.machine.isClosed { self.send(.resume, body: Self.decimal(stream.received), on: stream) }
        } else if self.understandsPause {
            guard !stream.machine.isClosed else { return }
            stream.hasPausedPeer = true
            self.send(.pause, body: Self.decimal(stream.received), on: stream)
        } else {
            self.block(stream)
        }
    }

    /// Bytes came for a local side that takes no more: a peer that does not heed its pause is held at the socket.
    func overran(_ stream: CarrierStream<End>, by count: Int) {
        stream.overrun += count
        self.overrun += count
        let isTooMuch = stream.overrun > self.settings.tunnelBuffer / 2 || self.overrun > self.settings.tunnelBuffer
        guard isTooMuch else { return }
        self.block(stream)
    }

    private func block(_ stream: CarrierStream<End>) {
        guard !stream.isBlocking else { return }
        stream.isBlocking = true
        self.blockers += 1
        guard self.blockers == 1, let context else { return }
        self.liveness.readingPaused(at: self.now)
        let stall = TimeAmount(self.settings.stall)
        self.stallTimer = context.eventLoop.assumeIsolated().scheduleTask(in: stall) { self.stalled() }
    }

    /// The stream no longer stops the tunnel.
    func noLongerBlocks(_ stream: CarrierStream<End>) {
        self.overrun -= stream.overrun
        stream.overrun = 0
        guard stream.isBlocking else { return }
        stream.isBlocking = false
        self.blockers -= 1
        guard self.blockers == 0 else { return }
        self.stallTimer?.cancel()
        self.stallTimer = nil
        self.liveness.readingResumed(at: self.now)
        guard self.isReadHeld, let context else { return }
        self.isReadHeld = false
        context.read()
    }

    /// Streams held the tunnel for longer than it may be held: they end, and their siblings go on.
    private func stalled() {
        self.stallTimer = nil
        for stream in self.streams.values where stream.isBlocking {
            stream.end?.reset(.stalled)
            stream.end = nil
            self.localGone(stream, wasReset: true)
        }
    }

    /// A count as the body of `pause` and `resume`.
    private static func decimal(_ count: UInt64) -> [UInt8] { Array(String(count).utf8) }
}
