package import EdgeCarrier

/// Limits and times of a forwarded channel.
package struct ForwardingSettings: Sendable {
    /// What may wait for the peer before the far side is asked to pause, in bytes (`limits.stream_buffer`).
    package var highMark = 1 << 20
    /// What may still wait when the far side goes on, in bytes (`limits.resume_at`).
    package var lowMark = 256 << 10
    /// How long a peer may take nothing of what waits for it before a finished channel is closed (`timeouts.stall`).
    package var stall = Duration.seconds(60)
    /// How long a peer that still speaks is read away after its answer was sent.
    package var linger = Duration.seconds(1)
    /// How much of it is read away, in bytes.
    package var lingerBytes = 64 << 10

    /// Where what waits is counted for the whole relay; nil where nobody counts.
    package var budget: MemoryBudget?

    /// Creates settings with the documented defaults.
    package init() {}
}
