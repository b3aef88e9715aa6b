/// The life of one stream inside a tunnel, as the relay or the agent sees it.
///
///     idle --bytes--> (gated --first packet or time-->) open --local end--> localEnded --peer end--> closed
///       |                                               |                     |
///       |                                               +--peer end--> remoteEnded (own clients) --local end--> closed
///       +--local gone--> closed                         +--local gone--> quarantined --peer end or time--> closed
///
/// "Local" is our side of the stream (a visitor at the relay, a service at the agent); "peer" is the tunnel's other end.
/// The gate (first-packet race of the older clients) holds everything after the first packet until the peer has
/// answered or the gate's time is over. A key that is quarantined is not used again before the peer has let go of it.
package struct TunnelStreamStateMachine: Sendable {
    private enum State {
        case idle
        case gated(Held)
        case open
        case localEnded
        case remoteEnded
        case quarantined
        case closed
    }

    /// What happened on the local side while the gate was shut.
    private enum Held {
        case nothing
        case end
        case gone
    }

    private var state: State
    private let needsGate: Bool
    private let halfCloses: Bool

    /// Creates a machine for a stream that has not carried a byte yet.
    ///
    /// - Parameters:
    ///   - needsGate: whether the peer loses or reorders what follows the first packet at once.
    ///   - halfCloses: whether `end` ends one direction only.
    ///   - isAnnounced: whether the peer knows the stream already (it was opened by the peer, or by a `connection`).
    package init(needsGate: Bool, halfCloses: Bool, isAnnounced: Bool) {
        self.needsGate = needsGate
        self.halfCloses = halfCloses
        self.state = isAnnounced ? .open : .idle
    }

    /// Whether the stream is over and its key free.
    package var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .idle, .gated, .open, .localEnded, .remoteEnded, .quarantined: false
        }
    }

    /// Whether the local side may be read: what it says can be sent at once.
    package var acceptsLocalBytes: Bool {
        switch self.state {
        case .idle, .open, .remoteEnded: true
        case .gated, .localEnded, .quarantined, .closed: false
        }
    }

    /// What to do with bytes of the local side.
    package enum OnLocalBytes: Equatable, Sendable {
        /// Send them.
        case send
        /// Send them and shut the gate: start its clock.
        case sendAndGate
        /// The gate is shut: keep them, and send them when it opens.
        case hold
        /// Nobody wants them any more.
        case drop
    }

    /// Records that the local side said something.
    ///
    /// While the gate is shut the local side is not read; what comes all the same (with the end of its input) is kept.
    ///
    /// - Returns: what to do.
    package mutating func localBytes() -> OnLocalBytes {
        let action: OnLocalBytes
        (self.state, action) =
            switch self.state {
            case .idle: self.needsGate ? (.gated(.nothing), .sendAndGate) : (.open, .send)
            case .gated(let held): (.gated(held), .hold)
            case .open: (.open, .send)
            case .remoteEnded: (.remoteEnded, .send)
            case .localEnded: (.localEnded, .drop)
            case .quarantined: (.quarantined, .drop)
            case .closed: (.closed, .drop)
            }
        return action
    }

    /// What to do when the local side says that it will send no more.
    package enum OnLocalEnd: Equatable, Sendable {
        /// Tell the peer; its answer is awaited.
        case sendEnd
        /// Tell the peer; the stream is over.
        case sendEndAndClose
        /// The peer would take the end for the end of all: keep the stream for the answer, for a limited time.
        case awaitAnswer
        /// The gate is shut: it is told later.
        case hold
        /// The peer never heard of the stream: it is over.
        case forget
        /// It is known already.
        case ignore
    }

    /// Records that the local side ended its half.
    ///
    /// - Returns: what to do.
    package mutating func localEnded() -> OnLocalEnd {
        let action: OnLocalEnd
        (self.state, action) =
            switch self.state {
            case .idle: (.closed, .forget)
            case .gated(.nothing): (.gated(.end), .hold)
            case .gated(.end): (.gated(.end), .ignore)
            case .gated(.gone): (.gated(.gone), .ignore)
            case .open: (.localEnded, self.halfCloses ? .sendEnd : .awaitAnswer)
            case .remoteEnded: (.closed, .sendEndAndClose)
            case .localEnded: (.localEnded, .ignore)
            case .quarantined: (.quarantined, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when the local side is gone.
    package enum OnLocalGone: Equatable, Sendable {
        /// Tell the peer that the stream ended; the key waits in quarantine.
        case sendEnd
        /// Tell the peer that the stream failed; the key waits in quarantine.
        case sendError
        /// The gate is shut: it is told later.
        case hold
        /// The stream is over, the peer need not be told.
        case forget
    }

    /// Records that the local side is gone.
    ///
    /// - Parameter wasReset: whether it ended by a reset.
    /// - Returns: what to do.
    package mutating func localGone(wasReset: Bool) -> OnLocalGone {
        let tell: OnLocalGone = wasReset ? .sendError : .sendEnd
        let action: OnLocalGone
        (self.state, action) =
            switch self.state {
            case .idle: (.closed, .forget)
            case .gated: (.gated(.gone), .hold)
            case .open: (.quarantined, self.halfCloses ? .sendError : tell)
            case .remoteEnded: (.closed, tell)
            case .localEnded: (.quarantined, self.halfCloses ? .sendError : tell)
            case .quarantined: (.quarantined, .forget)
            case .closed: (.closed, .forget)
            }
        return action
    }

    /// What to do with bytes of the peer.
    package enum OnPeerBytes: Equatable, Sendable {
        /// Deliver them.
        case deliver
        /// Deliver them, and do what was held.
        case deliverAndOpenGate
        /// Nobody wants them; do what was held.
        case dropAndOpenGate
        /// Nobody wants them any more.
        case drop
    }

    /// Records that the peer said something.
    ///
    /// - Returns: what to do.
    package mutating func peerBytes() -> OnPeerBytes {
        switch self.state {
        case .idle, .open, .localEnded: .deliver
        case .gated(.gone): .dropAndOpenGate
        case .gated(.nothing), .gated(.end): .deliverAndOpenGate
        case .remoteEnded, .quarantined, .closed: .drop
        }
    }

    /// What to do when the gate opens, because the peer answered or its time is over.
    package enum OnGateOpened: Equatable, Sendable {
        /// Read the local side again.
        case resume
        /// Tell the peer that the local side ended.
        case sendEnd
        /// The peer would take the end for the end of all: keep the stream for the answer.
        case awaitAnswer
        /// Tell the peer that the stream ended; the key waits in quarantine.
        case sendEndAndQuarantine
        /// The gate was open.
        case ignore
    }

    /// Records that the gate opens.
    ///
    /// - Returns: what to do.
    package mutating func gateOpened() -> OnGateOpened {
        let action: OnGateOpened
        (self.state, action) =
            switch self.state {
            case .gated(.nothing): (.open, .resume)
            case .gated(.end): (.localEnded, self.halfCloses ? .sendEnd : .awaitAnswer)
            case .gated(.gone): (.quarantined, .sendEndAndQuarantine)
            case .idle: (.idle, .ignore)
            case .open: (.open, .ignore)
            case .localEnded: (.localEnded, .ignore)
            case .remoteEnded: (.remoteEnded, .ignore)
            case .quarantined: (.quarantined, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when the peer says that it will send no more.
    package enum OnPeerEnd: Equatable, Sendable {
        /// End the local side's input; it may still speak.
        case endLocalInput
        /// Let what waits reach the local side, then close it; the stream is over.
        case finishLocal
        /// The local side is gone already: the key is free.
        case release
        /// The stream is gone already.
        case ignore
    }

    /// Records that the peer ended.
    ///
    /// - Returns: what to do.
    package mutating func peerEnded() -> OnPeerEnd {
        let action: OnPeerEnd
        (self.state, action) =
            switch self.state {
            case .open, .idle: self.halfCloses ? (.remoteEnded, .endLocalInput) : (.closed, .finishLocal)
            case .gated(.nothing), .gated(.end): (.closed, .finishLocal)
            case .gated(.gone): (.closed, .release)
            case .localEnded: (.closed, .finishLocal)
            case .remoteEnded: (.remoteEnded, .ignore)
            case .quarantined: (.closed, .release)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when the peer reports an error.
    package enum OnPeerError: Equatable, Sendable {
        /// Reset the local side; the stream is over.
        case resetLocal
        /// The local side is gone already: the key is free.
        case release
        /// The stream is gone already.
        case ignore
    }

    /// Records that the peer's side of the stream failed.
    ///
    /// - Returns: what to do.
    package mutating func peerFailed() -> OnPeerError {
        let action: OnPeerError
        (self.state, action) =
            switch self.state {
            case .idle, .gated(.nothing), .gated(.end), .open, .localEnded, .remoteEnded: (.closed, .resetLocal)
            case .gated(.gone), .quarantined: (.closed, .release)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when a time is over.
    package enum OnExpiry: Equatable, Sendable {
        /// No answer came in time: tell the peer that the stream ended, and finish the local side.
        case sendEndAndFinishLocal
        /// The key is free.
        case release
        /// It no longer matters.
        case ignore
    }

    /// Records that the time for an answer after the local end is over.
    ///
    /// - Returns: what to do.
    package mutating func answerExpired() -> OnExpiry {
        let action: OnExpiry
        (self.state, action) =
            switch self.state {
            case .localEnded: self.halfCloses ? (.localEnded, .ignore) : (.quarantined, .sendEndAndFinishLocal)
            case .idle: (.idle, .ignore)
            case .gated(let held): (.gated(held), .ignore)
            case .open: (.open, .ignore)
            case .remoteEnded: (.remoteEnded, .ignore)
            case .quarantined: (.quarantined, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// Records that the quarantine is over.
    ///
    /// - Returns: what to do.
    package mutating func quarantineExpired() -> OnExpiry {
        let action: OnExpiry
        (self.state, action) =
            switch self.state {
            case .quarantined: (.closed, .release)
            case .idle: (.idle, .ignore)
            case .gated(let held): (.gated(held), .ignore)
            case .open: (.open, .ignore)
            case .localEnded: (.localEnded, .ignore)
            case .remoteEnded: (.remoteEnded, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }
}
