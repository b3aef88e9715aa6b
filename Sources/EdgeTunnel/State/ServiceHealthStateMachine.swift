/// Whether what a tunnel serves answers: a tunnel may answer every ping while each of its services is down.
///
///     serving(failures) --failure, the last of several in a row--> resting(until, rest)
///         ^                                                          |    ^
///         +------------------------- an answer ----------------------+    |
///                                                                    +----+
///                                         a stream that was opened after the rest fails: rest twice as long
///
/// Streams that were opened before a rest was over tell nothing new when they fail: they do not prolong it. An answer
/// ends it at once, whoever got it.
package struct ServiceHealthStateMachine: Sendable {
    private enum State {
        case serving(failures: Int)
        case resting(until: ContinuousClock.Instant, rest: Duration)
    }

    /// The longest rest, in first ones.
    static let longest = 8

    private let failures: Int
    private let rest: Duration
    private var state = State.serving(failures: 0)

    /// Creates a machine for a tunnel of which nothing is known yet.
    ///
    /// - Parameters:
    ///   - failures: streams that fail one after another before the tunnel rests; never where zero.
    ///   - rest: the first rest.
    package init(failures: Int, rest: Duration) {
        self.failures = failures
        self.rest = rest
    }

    /// When the rest is over and somebody may try; nil for a tunnel that serves.
    package var restsUntil: ContinuousClock.Instant? {
        switch self.state {
        case .serving: nil
        case .resting(let until, _): until
        }
    }

    /// What to do when a stream failed.
    package enum OnFailed: Sendable, Hashable {
        /// Send the tunnel nobody until then, and one visitor afterwards.
        case rest(until: ContinuousClock.Instant)
        /// Nothing changes.
        case ignore
    }

    /// Records that a stream ended before the first byte of an answer.
    ///
    /// - Parameters:
    ///   - opened: when the stream was opened.
    ///   - now: the present.
    /// - Returns: what to do.
    package mutating func failed(
        opened: ContinuousClock.Instant,
        at now: ContinuousClock.Instant
    ) -> OnFailed {
        guard self.failures > 0 else { return .ignore }
        let action: OnFailed
        (self.state, action) =
            switch self.state {
            case .serving(let count) where count + 1 < self.failures: (.serving(failures: count + 1), .ignore)
            case .serving: Self.resting(self.rest, at: now)
            case .resting(let until, let rest) where opened < until: (.resting(until: until, rest: rest), .ignore)
            case .resting(_, let rest): Self.resting(min(rest * 2, self.rest * Self.longest), at: now)
            }
        return action
    }

    private static func resting(_ rest: Duration, at now: ContinuousClock.Instant) -> (State, OnFailed) {
        (.resting(until: now + rest, rest: rest), .rest(until: now + rest))
    }

    /// What to do when a stream was answered.
    package enum OnServed: Sendable, Hashable {
        /// The tunnel serves again.
        case recovered
        /// Nothing changes.
        case ignore
    }

    /// Records that the first byte of an answer came.
    ///
    /// - Returns: what to do.
    package mutating func served() -> OnServed {
        let action: OnServed
        (self.state, action) =
            switch self.state {
            case .serving: (.serving(failures: 0), .ignore)
            case .resting: (.serving(failures: 0), .recovered)
            }
        return action
    }
}
