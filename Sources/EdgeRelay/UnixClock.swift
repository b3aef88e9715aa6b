import EdgeSystem

/// The present as the world counts it, for tokens and for people; durations come from `ContinuousClock`.
enum UnixClock {
    /// Seconds since 1970.
    static var seconds: Int { WallClock.unixSeconds }
}
