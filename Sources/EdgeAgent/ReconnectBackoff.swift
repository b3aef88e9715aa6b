/// How long a client waits before it dials again: exponential with full jitter, so that a thousand clients of a relay
/// that was restarted do not come back in the same second.
package struct ReconnectBackoff: Sendable {
    /// The longest first wait.
    package static let first = Duration.seconds(1)
    /// The longest wait of all.
    package static let longest = Duration.seconds(60)

    private var ceiling = Self.first

    /// Creates a backoff that has not waited yet.
    package init() {}

    /// The next wait.
    ///
    /// - Parameters:
    ///   - chance: a number from 0 up to, not including, 1.
    ///   - hint: the wait that the relay asked for, at least this long.
    /// - Returns: how long to wait.
    package mutating func next(chance: Double, hint: Duration? = nil) -> Duration {
        let wait = self.ceiling * chance
        self.ceiling = min(self.ceiling * 2, Self.longest)
        return max(wait, .milliseconds(50)) + (hint ?? .zero)
    }

    /// Begins anew: the tunnel was up.
    package mutating func reset() {
        self.ceiling = Self.first
    }
}
