/// How long a client waits before it dials again: exponential with full jitter, so that a thousand clients of a relay
/// that was restarted do not come back in the same second.
package struct ReconnectBackoff: Sendable {
    /// The longest first wait.
    package static let first = Duration.seconds(1)
    /// The longest wait of all.
    package static let longest = Duration.seconds(60)
    /// The longest wait that a relay may ask for: no relay is away longer by intent, and a wrong number must not silence
    /// a client.
    package static let longestHint = Duration.seconds(3600)

    private var ceiling = Self.first

    /// Creates a backoff that has not waited yet.
    package init() {}

    /// The next wait.
    ///
    /// - Parameters:
    ///   - chance: a number from 0 up to, not including, 1.
    ///   - hint: the wait that the relay asked for, at least this long; up to ``longestHint``.
    /// - Returns: how long to wait.
    package mutating func next(chance: Double, hint: Duration? = nil) -> Duration {
        let wait = self.ceiling * chance
        self.ceiling = min(self.ceiling * 2, Self.longest)
        return max(wait, .milliseconds(50)) + min(max(hint ?? .zero, .zero), Self.longestHint)
    }

    /// The wait after a relay said that it goes away: spread over the time that it asked for, so that its clients do not come
    /// back at once.
    ///
    /// - Parameters:
    ///   - hint: the time that the relay asked for; up to ``longestHint``, and ``first`` where it asked for none.
    ///   - chance: a number from 0 up to, not including, 1.
    /// - Returns: how long to wait.
    package static func spread(over hint: Duration?, chance: Double) -> Duration {
        min(max(hint ?? Self.first, .zero), Self.longestHint) * chance
    }

    /// Begins anew: the tunnel was up.
    package mutating func reset() {
        self.ceiling = Self.first
    }
}
