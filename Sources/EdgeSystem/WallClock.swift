import Glibc

/// The present as the world counts it.
package enum WallClock {
    /// Seconds since 1970 (POSIX `time`).
    package static var unixSeconds: Int { time(nil) }
}
