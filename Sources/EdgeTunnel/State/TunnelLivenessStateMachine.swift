/// Whether a tunnel's peer is alive: pings at a steady pace, and death by silence after one.
///
///     answered --ping--> unanswered(until) --any byte--> answered
///                             |
///                             +--until, while we were reading--> dead
///
/// Time in which we hold reading back does not count: a pong waits behind the data that we do not read. Any byte counts
/// as an answer, so a slow peer that still delivers is alive.
package struct TunnelLivenessStateMachine: Sendable {
    private enum Answer {
        /// Nothing is awaited.
        case received
        /// Something is to come before an instant.
        case awaited(until: ContinuousClock.Instant)
        /// The same, but the clock stands still; what is left is kept.
        case suspended(left: Duration)
        case dead
    }

    private let ping: Duration
    private let pong: Duration
    private var nextPing: ContinuousClock.Instant
    private var answer = Answer.received
    private var isPaused = false

    /// Creates a machine for a tunnel that has just said something.
    ///
    /// - Parameters:
    ///   - ping: time between pings.
    ///   - pong: silence after a ping that means death.
    ///   - now: the present.
    package init(ping: Duration, pong: Duration, at now: ContinuousClock.Instant) {
        self.ping = ping
        self.pong = pong
        self.nextPing = now + ping
    }

    /// Whether the peer was declared dead.
    package var isDead: Bool {
        switch self.answer {
        case .dead: true
        case .received, .awaited, .suspended: false
        }
    }

    /// When ``timePassed(at:)`` is to be called next.
    package var nextDeadline: ContinuousClock.Instant {
        switch self.answer {
        case .awaited(let until): min(until, self.nextPing)
        case .received, .suspended, .dead: self.nextPing
        }
    }

    /// Records that bytes came, whichever.
    ///
    /// - Parameter now: the present.
    package mutating func bytesReceived(at now: ContinuousClock.Instant) {
        switch self.answer {
        case .received, .dead: break
        case .awaited, .suspended: self.answer = .received
        }
    }

    /// Records that reading is held back.
    ///
    /// - Parameter now: the present.
    package mutating func readingPaused(at now: ContinuousClock.Instant) {
        self.isPaused = true
        switch self.answer {
        case .awaited(let until): self.answer = .suspended(left: max(.zero, now.duration(to: until)))
        case .received, .suspended, .dead: break
        }
    }

    /// Records that reading goes on.
    ///
    /// - Parameter now: the present.
    package mutating func readingResumed(at now: ContinuousClock.Instant) {
        self.isPaused = false
        switch self.answer {
        case .suspended(let left): self.answer = .awaited(until: now + left)
        case .received, .awaited, .dead: break
        }
    }

    /// What to do now that time has passed.
    package enum OnTimePassed: Sendable, Hashable {
        /// Send a ping.
        case sendPing
        /// The peer is dead: end the tunnel.
        case dead
        /// Nothing yet.
        case wait
    }

    /// Records that time has passed.
    ///
    /// - Parameter now: the present.
    /// - Returns: what to do.
    package mutating func timePassed(at now: ContinuousClock.Instant) -> OnTimePassed {
        switch self.answer {
        case .dead:
            return .dead
        case .awaited(let until) where until <= now:
            self.answer = .dead
            return .dead
        case .received, .awaited, .suspended:
            break
        }
        guard self.nextPing <= now else { return .wait }
        self.nextPing = now + self.ping
        switch self.answer {
        case .received: self.answer = self.isPaused ? .suspended(left: self.pong) : .awaited(until: now + self.pong)
        case .awaited, .suspended, .dead: break
        }
        return .sendPing
    }
}
