package import Synchronization

/// What a carrier shows of itself to other threads: written by its loop alone, read from any.
package final class CarrierPulse: Sendable {
    /// Streams that the tunnel holds, those in quarantine included.
    package let streams = Atomic<Int>(0)

    private let start: ContinuousClock.Instant
    private let heardAfter = Atomic<Int>(0)

    /// Creates a pulse.
    ///
    /// - Parameter start: when the tunnel began.
    package init(start: ContinuousClock.Instant) {
        self.start = start
    }

    /// Notes that bytes of the peer came.
    ///
    /// - Parameter now: the present.
    func heard(at now: ContinuousClock.Instant) {
        self.heardAfter.store(Int(self.start.duration(to: now).components.seconds), ordering: .relaxed)
    }

    /// When bytes of the peer last came, in seconds after the tunnel began.
    package var secondsHeard: Int { self.heardAfter.load(ordering: .relaxed) }
}
