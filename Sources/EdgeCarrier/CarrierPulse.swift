package import EdgeChannels
package import Synchronization

/// What a carrier shows of itself to other threads: written by its loop alone, read from any, without a lock.
package final class CarrierPulse: Sendable {
    /// Whether a tunnel is to be given visitors.
    package enum Availability: Sendable, Hashable {
        /// It serves, or its rest is over and somebody may try.
        case available
        /// Its services fail: it rests, or somebody tries already.
        case resting
        /// It has not answered a probe.
        case silent
    }

    /// Streams that are open; those in quarantine are not.
    package let streams = Atomic<Int>(0)
    /// Raised while the tunnel takes no more: its visitors should read little.
    package let pressure = ReadPressure()

    private let start: ContinuousClock.Instant
    private let heardAfter = Atomic<Int>(0)
    private let silent = Atomic<Bool>(false)
    /// When the rest is over, in nanoseconds after the start; zero for a tunnel that serves.
    private let restsUntil = Atomic<Int>(0)
    /// How long a visitor who tries has the tunnel for itself, in nanoseconds.
    private let trial = Atomic<Int>(0)

    /// Creates a pulse.
    ///
    /// - Parameter start: when the tunnel began.
    package init(start: ContinuousClock.Instant) {
        self.start = start
    }

    /// When bytes of the peer last came, in seconds after the tunnel began.
    package var secondsHeard: Int { self.heardAfter.load(ordering: .relaxed) }

    /// Whether the peer was asked whether it is there and has said nothing since.
    package var isSilent: Bool { self.silent.load(ordering: .relaxed) }

    /// Whether the tunnel is to be given a visitor; asks and changes nothing.
    ///
    /// - Parameter now: the present.
    /// - Returns: what is known.
    package func availability(at now: ContinuousClock.Instant) -> Availability {
        guard !self.isSilent else { return .silent }
        let until = self.restsUntil.load(ordering: .relaxed)
        return until == 0 || until <= self.nanoseconds(now) ? .available : .resting
    }

    /// Gives a visitor to the tunnel: to be asked once for each, of the tunnel that was chosen for it.
    ///
    /// After a rest one visitor alone is let through; when nothing is heard of it for as long as the first rest, the next.
    ///
    /// - Parameter now: the present.
    /// - Returns: whether the visitor may go there; false where another was quicker, or the tunnel rests or is silent.
    package func claim(at now: ContinuousClock.Instant) -> Bool {
        guard !self.isSilent else { return false }
        let until = self.restsUntil.load(ordering: .relaxed)
        guard until != 0 else { return true }
        let present = self.nanoseconds(now)
        guard until <= present else { return false }
        let next = present + max(1, self.trial.load(ordering: .relaxed))
        return self.restsUntil.compareExchange(expected: until, desired: next, ordering: .relaxed).exchanged
    }

    /// Notes that bytes of the peer came.
    func heard(at now: ContinuousClock.Instant) {
        self.heardAfter.store(Int(self.start.duration(to: now).components.seconds), ordering: .relaxed)
    }

    /// Notes whether the peer is silent.
    func setSilent(_ isSilent: Bool) {
        self.silent.store(isSilent, ordering: .relaxed)
    }

    /// Notes that the tunnel rests, or that it serves again.
    ///
    /// - Parameters:
    ///   - until: when the rest is over; nil for a tunnel that serves.
    ///   - trial: how long a visitor who tries then has the tunnel for itself.
    func setRest(until: ContinuousClock.Instant?, trial: Duration) {
        self.trial.store(Self.nanoseconds(trial), ordering: .relaxed)
        self.restsUntil.store(until.map { max(1, self.nanoseconds($0)) } ?? 0, ordering: .relaxed)
    }

    private func nanoseconds(_ instant: ContinuousClock.Instant) -> Int {
        Self.nanoseconds(self.start.duration(to: instant))
    }

    private static func nanoseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(min(seconds, 1_000_000_000)) * 1_000_000_000 + Int(clamping: attoseconds / 1_000_000_000)
    }
}
