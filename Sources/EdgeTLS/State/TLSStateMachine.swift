/// The life of a TLS connection.
///
///     idle --started, bytes--> handshaking --completed--> open --close_notify sent------> closing(output)
///                                                          |                                  | received
///                                                          |                                  v
///                                                          +--close_notify received--> closing(input) --sent--> closed
///
/// Any state but `closed` goes there when TLS fails or the bytes end. A half that is closed leaves the other open
/// (RFC 8446 §6.1). What the handshake agreed on is remembered to the end.
package struct TLSStateMachine: Sendable {
    /// One direction of a connection.
    private enum Half {
        case input
        case output
    }

    private enum State {
        case idle
        case handshaking
        case open
        case closing(Half)
        case closed
    }

    private var state = State.idle
    /// Whether the handshake was completed once.
    package private(set) var isHandshakeComplete = false

    /// Creates a machine for a connection without a byte.
    package init() {}

    /// What to do with bytes from the peer.
    package enum OnBytesReceived: Equatable, Sendable {
        /// Go on with the handshake.
        case handshake
        /// Decrypt them.
        case decrypt
        /// Drop them: input is over.
        case drop
    }

    /// Records that bytes came.
    ///
    /// - Returns: what to do with them.
    package mutating func bytesReceived() -> OnBytesReceived {
        let action: OnBytesReceived
        (self.state, action) =
            switch self.state {
            case .idle: (.handshaking, .handshake)
            case .handshaking: (.handshaking, .handshake)
            case .open: (.open, .decrypt)
            case .closing(.output): (.closing(.output), .decrypt)
            case .closing(.input): (.closing(.input), .drop)
            case .closed: (.closed, .drop)
            }
        return action
    }

    /// What to do when the handshake is to begin from here.
    package enum OnStarted: Equatable, Sendable {
        /// Say the first flight.
        case handshake
        /// It began already: do nothing.
        case ignore
    }

    /// Records that this side begins the handshake.
    ///
    /// - Returns: what to do.
    package mutating func started() -> OnStarted {
        let action: OnStarted
        (self.state, action) =
            switch self.state {
            case .idle: (.handshaking, .handshake)
            case .handshaking, .open, .closing, .closed: (self.state, .ignore)
            }
        return action
    }

    /// Records that the handshake is done.
    package mutating func handshakeCompleted() {
        switch self.state {
        case .idle, .handshaking:
            self.state = .open
            self.isHandshakeComplete = true
        case .open, .closing, .closed: break
        }
    }

    /// Whether application data may be sent.
    package var maySend: Bool {
        switch self.state {
        case .open, .closing(.input): true
        case .idle, .handshaking, .closing(.output), .closed: false
        }
    }

    /// What to do when this side has nothing more to send.
    package enum OnShutdown: Equatable, Sendable {
        /// Say close_notify.
        case sendCloseNotify
        /// It was said, or there is nothing to close: do nothing.
        case ignore
    }

    /// Records that this side has nothing more to send.
    ///
    /// - Returns: what to do.
    package mutating func shutdownRequested() -> OnShutdown {
        let action: OnShutdown
        (self.state, action) =
            switch self.state {
            case .open: (.closing(.output), .sendCloseNotify)
            case .closing(.input): (.closed, .sendCloseNotify)
            case .idle, .handshaking: (.closed, .ignore)
            case .closing(.output): (.closing(.output), .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// Records that the peer said close_notify.
    package mutating func closeNotifyReceived() {
        self.state =
            switch self.state {
            case .open: .closing(.input)
            case .closing(.input): .closing(.input)
            case .idle, .handshaking, .closing(.output), .closed: .closed
            }
    }

    /// Records that TLS failed.
    package mutating func failed() {
        self.state = .closed
    }

    /// What the end of the peer's bytes means.
    package enum OnInputEnded: Equatable, Sendable {
        /// The peer said before that it would end.
        case expected
        /// The peer did not say so: whatever it sent may be cut off.
        case truncated
    }

    /// Records that no more bytes will come.
    ///
    /// - Returns: what it means; `truncated` at most once.
    package mutating func inputEnded() -> OnInputEnded {
        let action: OnInputEnded
        (self.state, action) =
            switch self.state {
            case .handshaking, .open, .closing(.output): (.closed, .truncated)
            case .idle: (.closed, .expected)
            case .closing(.input): (.closing(.input), .expected)
            case .closed: (.closed, .expected)
            }
        return action
    }
}
