/// Whether a tunnel's peer is alive: pings at a steady pace, and death by silence after one.
///
///     answered --ping--> unanswered(until) --any byte--> answered
///                             |
///                             +--until, while we were reading--> dead
///
/// Time in which we hold reading back does not count: a pong waits behind the data that we do not read. Any byte counts
/// as an answer, so a slow peer that still delivers is alive.
///
/// A probe asks out of turn, and sooner: a peer that says nothing for a short while after it is silent until it says
/// something. Silence is no death; a ping's deadline decides that.
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

    private enum Probe {
        /// Nobody asked, or the peer spoke since.
        case none
        /// Something is to come before an instant.
        case awaited(until: ContinuousClock.Instant)
        /// The same, but the clock stands still; what is left is kept.
        case suspended(left: Duration)
        /// Nothing came.
        case silent
    }

    private let ping: Duration
    private let pong: Duration
    private let probe: Duration
    private var nextPing: ContinuousClock.Instant
    private var answer = Answer.received
    private var probing = Probe.none
    private var isPaused = false

    /// Creates a machine for a tunnel that has just said something.
    ///
    /// - Parameters:
    ///   - ping: time between pings.
    ///   - pong: silence after a ping that means death.
    ///   - probe: silence after a ping out of turn that makes the peer a silent one.
    ///   - now: the present.
    package init(ping: Duration, pong: Duration, probe: Duration = .seconds(3), at now: ContinuousClock.Instant) {
        self.ping = ping
        self.pong = pong
        self.probe = probe
        self.nextPing = now + ping
    }

    /// Whether the peer was declared dead.
    package var isDead: Bool {
        switch self.answer {
        case .dead: true
        case .received, .awaited, .suspended: false
        }
    }

    /// Whether the peer was asked out of turn and has said nothing since.
    package var isSilent: Bool {
        switch self.probing {
        case .silent: true
        case .none, .awaited, .suspended: false
        }
    }

    /// When ``timePassed(at:)`` is to be called next.
    package var nextDeadline: ContinuousClock.Instant {
        let next =
            switch self.answer {
            case .awaited(let until): min(until, self.nextPing)
            case .received, .suspended, .dead: self.nextPing
            }
        return switch self.probing {
        case .awaited(let until): min(until, next)
        case .none, .suspended, .silent: next
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
        self.probing = .none
    }

    /// What to do when somebody wants to know whether the peer is there.
    package enum OnProbe: Sendable, Hashable {
        /// Send a ping, and look again at ``nextDeadline``.
        case sendPing
        /// It was asked already, or is dead.
        case ignore
    }

    /// Records that somebody wants to know whether the peer is there.
    ///
    /// - Parameter now: the present.
    /// - Returns: what to do.
    package mutating func probe(at now: ContinuousClock.Instant) -> OnProbe {
        switch self.answer {
        case .dead: return .ignore
        case .received: self.awaitAnswer(at: now)
        case .awaited, .suspended: break
        }
        switch self.probing {
        case .awaited, .suspended, .silent: return .ignore
        case .none: self.probing = self.isPaused ? .suspended(left: self.probe) : .awaited(until: now + self.probe)
        }
        return .sendPing
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
        switch self.probing {
        case .awaited(let until): self.probing = .suspended(left: max(.zero, now.duration(to: until)))
        case .none, .suspended, .silent: break
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
        switch self.probing {
        case .suspended(let left): self.probing = .awaited(until: now + left)
        case .none, .awaited, .silent: break
        }
    }

    /// What to do now that time has passed.
    package enum OnTimePassed: Sendable, Hashable {
        /// Send a ping.
        case sendPing
        /// The peer is dead: end the tunnel.
        case dead
        /// The peer says nothing to a probe: send it nobody until it speaks.
        case silent
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
        switch self.probing {
        case .awaited(let until) where until <= now:
            self.probing = .silent
            return .silent
        case .none, .awaited, .suspended, .silent:
            break
        }
        guard self.nextPing <= now else { return .wait }
        self.nextPing = now + self.ping
        switch self.answer {
        case .received: self.awaitAnswer(at: now)
        case .awaited, .suspended, .dead: break
        }
        return .sendPing
    }

    /// A ping is sent: its answer's clock begins, or stands still while we do not read.
    private mutating func awaitAnswer(at now: ContinuousClock.Instant) {
        self.answer = self.isPaused ? .suspended(left: self.pong) : .awaited(until: now + self.pong)
    }
}
