/// What the client does about its tunnel.
///
///     dialing --up--> up --lost--> backingOff --time--> dialing
///        |                             ^
///        +--failed---------------------+          refused, or any failure with `once` --> stopped
///
/// A passing fault never ends the client; a refusal that would be repeated does.
package struct AgentStateMachine: Sendable {
    private enum State {
        case dialing
        case up
        case backingOff
        case stopped
    }

    /// Why the client stops.
    package enum Stop: Equatable, Sendable {
        /// The relay refused the token or a name: dialling again would be refused again.
        case refused
        /// The relay could not be reached, and only one attempt was asked for.
        case unavailable
        /// The tunnel ended, and only one was asked for.
        case done
    }

    /// What to do next.
    package enum Action: Equatable, Sendable {
        /// Dial again after the backoff; it begins anew where the tunnel had been up.
        case backOff(begunAnew: Bool)
        /// Stop.
        case stop(Stop)
        /// Dial now.
        case dial
        /// Nothing.
        case ignore
    }

    private var state = State.dialing
    private let once: Bool

    /// Creates a machine that is about to dial.
    ///
    /// - Parameter once: whether one attempt is all.
    package init(once: Bool) {
        self.once = once
    }

    /// Whether the tunnel is up.
    package var isUp: Bool {
        switch self.state {
        case .up: true
        case .dialing, .backingOff, .stopped: false
        }
    }

    /// Records that the tunnel is up.
    package mutating func connected() {
        self.state =
            switch self.state {
            case .dialing: .up
            case .up: .up
            case .backingOff: .backingOff
            case .stopped: .stopped
            }
    }

    /// Records that an attempt failed, or that the tunnel was lost.
    ///
    /// - Parameter isRefusal: whether the relay refused for good.
    /// - Returns: what to do.
    package mutating func disconnected(isRefusal: Bool) -> Action {
        let action: Action
        (self.state, action) =
            switch self.state {
            case .dialing:
                if isRefusal {
                    (.stopped, .stop(.refused))
                } else if self.once {
                    (.stopped, .stop(.unavailable))
                } else {
                    (.backingOff, .backOff(begunAnew: false))
                }
            case .up:
                if isRefusal {
                    (.stopped, .stop(.refused))
                } else if self.once {
                    (.stopped, .stop(.done))
                } else {
                    (.backingOff, .backOff(begunAnew: true))
                }
            case .backingOff: (.backingOff, .ignore)
            case .stopped: (.stopped, .ignore)
            }
        return action
    }

    /// Records that the wait is over.
    ///
    /// - Returns: what to do.
    package mutating func waited() -> Action {
        let action: Action
        (self.state, action) =
            switch self.state {
            case .backingOff: (.dialing, .dial)
            case .dialing: (.dialing, .ignore)
            case .up: (.up, .ignore)
            case .stopped: (.stopped, .ignore)
            }
        return action
    }
}
