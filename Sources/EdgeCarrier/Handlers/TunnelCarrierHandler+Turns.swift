import EdgeChannels
import EdgeTunnel
import EdgeTypes
import NIOCore

/// Visitors that send more than the tunnel takes are read in turn, and what waits stays bounded.
extension TunnelCarrierHandler {
    /// Whether the local side of a stream may be read: the channel takes more, and nobody waits longer.
    func mayRead(_ stream: CarrierStream) -> Bool {
        !self.isFull && !self.hasEnded && self.scheduler.mayRead(stream.id)
    }

    /// Puts a stream in line for its turn to be read.
    ///
    /// Who waits for a gate or a peer is called when that opens.
    func enqueue(_ stream: CarrierStream) {
        guard self.isFull || self.scheduler.isContended else { return }
        guard stream.machine.acceptsLocalBytes, !stream.isPausedByPeer else { return }
        self.scheduler.join(stream.id)
    }

    /// Gives turns to those in line, as many as the channel has room for; the others wait for the next flush, or until
    /// those who were given one have said nothing.
    func serveWaiting() {
        guard !self.isServing, !self.isFull, !self.hasEnded else { return }
        guard self.scheduler.isContended else {
            if self.bufferedBytes == 0 { self.scheduler.calm() }
            return
        }
        self.isServing = true
        for id in self.scheduler.grant(room: CarrierSettings.highMark - self.bufferedBytes) {
            self.streams[id]?.end?.resumeReading()
        }
        self.isServing = false
        self.armTurnTimer()
    }

    private func armTurnTimer() {
        guard self.turnTimer == nil, self.scheduler.isContended, !self.isFull, let context else { return }
        let patience = TimeAmount(CarrierSettings.turn)
        self.turnTimer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            self.turnTimer = nil
            self.scheduler.lapse()
            self.serveWaiting()
        }
    }

    /// Tells the relay's budget how much waits in the channel, where it takes no more.
    func countQueue() {
        guard let budget = self.settings.budget else { return }
        let count = self.isFull && !self.hasEnded ? self.bufferedBytes : 0
        guard count != self.queued else { return }
        budget.change(by: count - self.queued)
        self.queued = count
    }

    /// What waits in the channel, and what this tick has not given to it yet.
    private var bufferedBytes: Int {
        let waiting = try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return (waiting ?? 0) + (self.out?.readableBytes ?? 0)
    }
}
