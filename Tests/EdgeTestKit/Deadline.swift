/// An instant after which a wait fails.
///
/// Every wait of the kit has one.
package struct Deadline: Sendable {
    /// Far more than anything here takes on a loaded machine; a test that reaches it has failed.
    package static var patience: Duration { .seconds(30) }

    private let instant: ContinuousClock.Instant

    /// Creates a deadline.
    ///
    /// - Parameter limit: how long from now.
    package init(_ limit: Duration = Self.patience) {
        self.instant = ContinuousClock.now + limit
    }

    /// What is left, never negative.
    package var remaining: Duration {
        max(.zero, self.instant - ContinuousClock.now)
    }

    /// What is left in milliseconds, rounded up, as poll(2) takes it.
    package var milliseconds: Int32 {
        let (seconds, attoseconds) = self.remaining.components
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// What is left in seconds.
    package var seconds: Double {
        let (seconds, attoseconds) = self.remaining.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
