/// The life of a WebSocket after its upgrade (RFC 6455 §7).
///
///     open --we close--> closing --peer's close--> closed
///       |
///       +--peer's close, answered with the same code--> closed
///
/// The time that a peer is given for its answer is the driver's.
package struct WebSocketStateMachine: Sendable {
    private enum State {
        case open
        /// We sent a close frame and wait for the peer's.
        case closing
        case closed
    }

    private var state = State.open

    /// Creates a machine for a WebSocket that is open.
    package init() {}

    /// Whether data may be sent.
    package var isOpen: Bool {
        switch self.state {
        case .open: true
        case .closing, .closed: false
        }
    }

    /// Whether both sides have closed.
    package var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .open, .closing: false
        }
    }

    /// What to do with a ping.
    package enum OnPingReceived: Sendable, Hashable {
        /// Send a pong with the same payload.
        case sendPong
        /// Nothing is sent any more.
        case ignore
    }

    /// Records a ping of the peer (RFC 6455 §5.5.2).
    ///
    /// - Returns: what to do.
    package mutating func pingReceived() -> OnPingReceived {
        switch self.state {
        case .open: .sendPong
        case .closing, .closed: .ignore
        }
    }

    /// What to do with the peer's close.
    package enum OnCloseReceived: Sendable, Hashable {
        /// Answer with this code, then close the connection.
        case sendClose(WebSocketCloseCode)
        /// It is the answer to ours: close the connection.
        case closeNow
        /// It is known already.
        case ignore
    }

    /// Records the peer's close (RFC 6455 §5.5.1).
    ///
    /// - Parameter code: what it says; nil, answered with 1000, where it says nothing.
    /// - Returns: what to do.
    package mutating func closeReceived(_ code: WebSocketCloseCode?) -> OnCloseReceived {
        let action: OnCloseReceived
        (self.state, action) =
            switch self.state {
            case .open: (.closed, .sendClose(code ?? .normalClosure))
            case .closing: (.closed, .closeNow)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when we want to close.
    package enum OnCloseRequested: Sendable, Hashable {
        /// Send a close frame with this code; the peer's answer ends the WebSocket.
        case sendClose(WebSocketCloseCode)
        /// It is closing already.
        case ignore
    }

    /// Records that we want to close.
    ///
    /// - Parameter code: why.
    /// - Returns: what to do.
    package mutating func closeRequested(_ code: WebSocketCloseCode) -> OnCloseRequested {
        let action: OnCloseRequested
        (self.state, action) =
            switch self.state {
            case .open: (.closing, .sendClose(code))
            case .closing: (.closing, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }
}
