/// What an acceptor did without being asked, for meters and log.
package enum AcceptorReport: Sendable {
    /// Which limit turned an arrival away.
    package enum Crowd: Sendable, Hashable {
        /// As many wait as may wait.
        case all(limit: Int)
        /// As many wait from its address as may wait.
        case address(limit: Int)
    }

    /// A refusal is over; how many bytes came in all, and how many of the answer went out.
    case refused(Arrival, received: Int, sent: Int)
    /// The peer reset the connection before it was decided on.
    case reset(Arrival)
    /// The arrival would have had to wait, and too many do; it was closed.
    case turnedAway(Arrival, Crowd)
    /// The acceptor stopped while the arrival waited; it was closed.
    case stopped(Arrival)
    /// The kernel would not watch the arrival; it was closed.
    case unwatched(Arrival, SystemError)
    /// No descriptor is left; little or nothing is accepted until some return, while the kernel keeps what its backlog
    /// holds.
    case paused(SystemError)
    /// There are descriptors again, after a shortage of this length.
    case resumed(after: Duration)
    /// A listener broke and was closed.
    case listenerFailed(ListenerID, SystemError)
}
