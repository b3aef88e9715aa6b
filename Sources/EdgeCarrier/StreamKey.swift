import EdgeTypes

/// What stands for a stream in queues that may outlive it: they hold neither the stream nor its ends.
struct StreamKey: Sendable, Hashable {
    /// What the peer calls the stream.
    let id: StreamID
    /// Which of the streams that had this identity is meant.
    let serial: UInt64
}
