/// Whether connections are accepted, when descriptors run out.
///
///     open --none left: said--> paused --pause over--> trying --calm: said--> open
///                                  ^                      |
///                                  +------none left-------+
///
/// At the limit each descriptor that returns is taken at once, so that accepting stops and goes on many times a second:
/// all of it is one shortage, said once when it begins and once when it is over.
package struct AcceptPauseStateMachine: Sendable {
    /// How long nothing is accepted when no descriptor is left: long enough not to spin, short beside the time that a
    /// connecting peer waits.
    package static let pause = Duration.milliseconds(100)
    /// How long descriptors must have been enough before the shortage counts as over.
    package static let calm = Duration.seconds(2)

    /// What to do when no descriptor is left.
    package enum OnRunOut: Equatable, Sendable {
        /// Watch listeners no more.
        case stopWatching
        /// The same, and say so.
        case stopWatchingAndReport
    }

    /// What to do when time has passed.
    package enum OnTime: Equatable, Sendable {
        /// Nothing.
        case wait
        /// Watch listeners again.
        case watch
        /// Say that the shortage is over, which lasted for so long.
        case report(lasted: Duration)
    }

    private enum State {
        case open
        case paused(since: ContinuousClock.Instant, until: ContinuousClock.Instant)
        case trying(since: ContinuousClock.Instant, last: ContinuousClock.Instant)
    }

    private var state = State.open

    /// Creates a machine that accepts.
    package init() {}

    /// When ``timeCame(at:)`` is to be called; nil while all is well.
    package var next: ContinuousClock.Instant? {
        switch self.state {
        case .open: nil
        case .paused(_, let until): until
        case .trying(_, let last): last + Self.calm
        }
    }

    /// Records that a connection could not be accepted for want of a descriptor.
    ///
    /// - Parameter now: the present instant.
    /// - Returns: what to do.
    package mutating func descriptorsRanOut(at now: ContinuousClock.Instant) -> OnRunOut {
        switch self.state {
        case .open:
            self.state = .paused(since: now, until: now + Self.pause)
            return .stopWatchingAndReport
        case .paused:
            return .stopWatching
        case .trying(let since, _):
            self.state = .paused(since: since, until: now + Self.pause)
            return .stopWatching
        }
    }

    /// Records that time has passed.
    ///
    /// - Parameter now: the present instant.
    /// - Returns: what to do.
    package mutating func timeCame(at now: ContinuousClock.Instant) -> OnTime {
        switch self.state {
        case .open:
            return .wait
        case .paused(let since, let until):
            guard until <= now else { return .wait }
            self.state = .trying(since: since, last: now)
            return .watch
        case .trying(let since, let last):
            guard last + Self.calm <= now else { return .wait }
            self.state = .open
            return .report(lasted: since.duration(to: last))
        }
    }
}
