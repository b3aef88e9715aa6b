/// The life of a tunnel at the relay, from the upgrade on.
///
///     connecting --upgraded with a token--> authenticated --drain--> draining --closed--> closed
///         |                                      ^
///         +--upgraded without--> authenticating -+ first token
///                                      |
///                                      +--token refused, time over, drain--> closed
package struct TunnelStateMachine: Sendable {
    private enum State {
        case connecting
        case authenticating
        case authenticated
        case draining
        case closed
    }

    private let profile: ClientProfile
    private var state = State.connecting

    /// Whether the client may be asked to pause.
    package private(set) var understandsPause: Bool

    /// Creates a machine for a connection whose upgrade is under way.
    ///
    /// - Parameter profile: the client's generation.
    package init(profile: ClientProfile) {
        self.profile = profile
        self.understandsPause = profile.understandsPauseFromTheStart
    }

    /// Whether the tunnel takes new streams.
    package var acceptsStreams: Bool {
        switch self.state {
        case .authenticated: true
        case .connecting, .authenticating, .draining, .closed: false
        }
    }

    /// Whether nothing can happen any more.
    package var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .connecting, .authenticating, .authenticated, .draining: false
        }
    }

    /// What to do when the upgrade is done.
    package enum OnUpgraded: Sendable, Hashable {
        /// Register the names; greet first where said.
        case register(sendsHello: Bool)
        /// Greet where said, and give the client a limited time for its first token.
        case awaitToken(sendsHello: Bool)
        /// It was done before.
        case ignore
    }

    /// Records that the upgrade is done.
    ///
    /// - Parameter withToken: whether it came with a token that was accepted.
    /// - Returns: what to do.
    package mutating func upgraded(withToken: Bool) -> OnUpgraded {
        let hello = self.profile.sendsHello
        let action: OnUpgraded
        (self.state, action) =
            switch self.state {
            case .connecting:
                withToken
                    ? (.authenticated, .register(sendsHello: hello))
                    : (.authenticating, .awaitToken(sendsHello: hello))
            case .authenticating: (.authenticating, .ignore)
            case .authenticated: (.authenticated, .ignore)
            case .draining: (.draining, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do with a token that is good.
    package enum OnTokenAccepted: Sendable, Hashable {
        /// It is the first: the clock stops, register its names, answer.
        case register
        /// Add its names to the tunnel's, answer.
        case extend
        /// The tunnel takes no more names: answer with a fault.
        case refuse
        /// Nobody is there to answer.
        case ignore
    }

    /// Records that a token of the client was accepted.
    ///
    /// - Returns: what to do.
    package mutating func tokenAccepted() -> OnTokenAccepted {
        let action: OnTokenAccepted
        (self.state, action) =
            switch self.state {
            case .authenticating: (.authenticated, .register)
            case .authenticated: (.authenticated, .extend)
            case .draining: (.draining, .refuse)
            case .connecting: (.connecting, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do about a token that is no good.
    package enum OnTokenRefused: Sendable, Hashable {
        /// It was the first: answer with the fault, then close.
        case answerAndClose
        /// Answer with the fault; what was granted before stays.
        case answer
        /// Nobody is there to answer.
        case ignore
    }

    /// Records that a token of the client was refused.
    ///
    /// - Returns: what to do.
    package mutating func tokenRefused() -> OnTokenRefused {
        let action: OnTokenRefused
        (self.state, action) =
            switch self.state {
            case .authenticating: (.closed, .answerAndClose)
            case .authenticated: (.authenticated, .answer)
            case .draining: (.draining, .answer)
            case .connecting: (.connecting, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// Records that the client answered the greeting without a fault.
    package mutating func helloAnswered() {
        switch self.state {
        case .authenticating, .authenticated, .draining:
            self.understandsPause = self.understandsPause || self.profile.understandsPauseAfterReply
        case .connecting, .closed:
            break
        }
    }

    /// What to do when the time for the first token is over.
    package enum OnAuthenticateTimeout: Sendable, Hashable {
        /// None came: close.
        case close
        /// It no longer matters.
        case ignore
    }

    /// Records that the time for the first token is over.
    ///
    /// - Returns: what to do.
    package mutating func authenticateTimeout() -> OnAuthenticateTimeout {
        let action: OnAuthenticateTimeout
        (self.state, action) =
            switch self.state {
            case .authenticating: (.closed, .close)
            case .connecting: (.connecting, .ignore)
            case .authenticated: (.authenticated, .ignore)
            case .draining: (.draining, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when the relay begins to drain.
    package enum OnDrainStarted: Sendable, Hashable {
        /// Tell the client where said, open no more streams, and let those that are open finish.
        case stopStreams(tellsClient: Bool)
        /// Nothing is open: close.
        case close
        /// It is under way, or over.
        case ignore
    }

    /// Records that the relay begins to drain.
    ///
    /// - Returns: what to do.
    package mutating func drainStarted() -> OnDrainStarted {
        let tells = self.profile == .own
        let action: OnDrainStarted
        (self.state, action) =
            switch self.state {
            case .connecting: (.closed, .close)
            case .authenticating: (.closed, .close)
            case .authenticated: (.draining, .stopStreams(tellsClient: tells))
            case .draining: (.draining, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when the connection is gone.
    package enum OnClosed: Sendable, Hashable {
        /// Take the tunnel's names and ports out of the registry.
        case unregister
        /// Nothing was registered.
        case forget
        /// It was done before.
        case ignore
    }

    /// Records that the connection is gone.
    ///
    /// - Returns: what to do.
    package mutating func closed() -> OnClosed {
        let action: OnClosed
        (self.state, action) =
            switch self.state {
            case .connecting: (.closed, .forget)
            case .authenticating: (.closed, .forget)
            case .authenticated: (.closed, .unregister)
            case .draining: (.closed, .unregister)
            case .closed: (.closed, .ignore)
            }
        return action
    }
}
