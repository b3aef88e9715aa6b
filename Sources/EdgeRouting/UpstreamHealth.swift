/// Whether an upstream is worth sending a visitor to.
///
///     up --failure--> suspect(until) --success--> up
///                          |
///                          +--no way to it--> down --success--> up
package enum UpstreamHealth: Sendable, Hashable {
    /// It answered when it was last asked.
    case up
    /// It failed, and is left alone until then unless there is no other.
    case suspect(until: ContinuousClock.Instant)
    /// There is no way to it.
    case down

    /// Whether a visitor may be sent there.
    ///
    /// - Parameter now: the time.
    /// - Returns: true when it is up, or when the time to leave it alone is over.
    package func isUsable(at now: ContinuousClock.Instant) -> Bool {
        switch self {
        case .up: true
        case .suspect(let until): now >= until
        case .down: false
        }
    }
}
