package import EdgeTypes

/// What becomes of an arrival.
package enum ArrivalVerdict {
    /// Ask again when this many bytes are there in all, or with a final signal.
    ///
    /// More than the largest preface counts as the largest preface. In answer to a final signal it closes.
    case wait(atLeast: Int)
    /// Hand it over: nothing was consumed, and the descriptor is the closure's.
    ///
    /// The closure is called once, on the acceptor's thread, after the acceptor has forgotten the descriptor. So
    /// whatever it starts may use or close the descriptor at once on any thread: no event of the acceptor's can reach
    /// a number that has been closed and given to another connection meanwhile.
    case take((Arrival) -> Void)
    /// Read off what came, send this answer, end writing, read on for a while, close.
    ///
    /// An answer is short: it has to fit the drain timeout. An empty one is a close that waits for the peer's.
    case refuse([UInt8])
    /// Close at once, without an answer; what came is read off first, so that the peer sees an end and not a reset.
    case close
    /// Read exactly this many of the bytes shown off the front, then ask again about the rest.
    ///
    /// For a header in front of the preface (PROXY protocol). Where it names another peer or another address dialled,
    /// they take the place of the socket's in the arrival. The count is at least one and at most the bytes shown;
    /// any other closes.
    case readOff(Int, peer: PeerAddress?, local: PeerAddress?)
}
