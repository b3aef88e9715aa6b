/// What the client does about its tunnels.
///
///     dialing --up--> up --lost--> backingOff --time--> dialing
///        |             |               ^
///        +--failed-----|---------------+           refused, or any end with `once` --> stopped
///                      |
///                      +--relay goes away--> moving(asked) --time--> moving(dialing) --up--> up
///                                                                     failed |   ^ time
///                                                                            v   |
///                                                                      moving(waiting)
///
/// While it moves, the tunnel that the relay will close goes on serving its streams. When that one ends, moving(asked)
/// and moving(waiting) become backingOff, and moving(dialing) becomes dialing; the wait that the relay asked for goes on,
/// one that grew while it drained is replaced. In up the old tunnel may still drain beside the new one, and its end changes
/// nothing.
///
/// Attempts and waits have numbers, so that news of one that is over is told from news of the present one. A passing
/// fault never ends the client; a refusal that would be repeated does.
package struct AgentStateMachine: Sendable {
    private enum State {
        case dialing(Int)
        case up(Int, draining: [Int])
        case moving(draining: [Int], Next)
        case backingOff(wait: Int)
        case stopped
    }

    /// What comes after the tunnels that drain.
    private enum Next {
        /// The wait that the relay asked for.
        case asked(Int)
        /// A wait after an attempt that failed, or a tunnel that was lost.
        case waiting(Int)
        case dialing(Int)
    }

    /// Where the client stands, in a word.
    package enum Phase: String, Sendable, CaseIterable {
        /// Nothing serves; the relay is being dialled.
        case dialing = "connecting"
        /// A tunnel serves.
        case up
        /// The old tunnel serves what is open; the next one is waited for or dialled.
        case moving
        /// Nothing serves, and nothing is tried before the wait is over.
        case backingOff = "backing_off"
        /// The client is done.
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

    /// What to do when an attempt has become a tunnel.
    package enum OnConnected: Equatable, Sendable {
        /// Say so: new streams come here.
        case serve
        /// Nothing.
        case ignore
    }

    /// What to do when the relay says that it goes away.
    package enum OnGoingAway: Equatable, Sendable {
        /// Dial when a wait that is spread over the relay's hint is over; a tunnel that has drained for too long is ended.
        case move(wait: Int, ending: Int?)
        /// Nothing.
        case ignore
    }

    /// What to do when an attempt failed or a tunnel ended.
    package enum OnDisconnected: Equatable, Sendable {
        /// Dial when the wait is over; the backoff begins anew where a tunnel had been up.
        case backOff(wait: Int, begunAnew: Bool)
        /// Nothing serves any more, and the next dial is on its way already: a backoff after it begins anew.
        case beginAnew
        /// A tunnel has drained, as was to be expected.
        case drained
        /// Stop.
        case stop(Stop)
        /// Nothing.
        case ignore
    }

    /// What to do when a wait is over.
    package enum OnWaited: Equatable, Sendable {
        /// Dial; the attempt has this number.
        case dial(Int)
        /// Nothing.
        case ignore
    }

    /// The number of the first attempt.
    package static let firstAttempt = 0
    /// How many tunnels that drain are kept beside the present one.
    ///
    /// The relay closes one within its `timeouts.drain`; more than one means relays that go away one after another, and
    /// then the oldest has had its time.
    package static let mostDraining = 1

    private var state = State.dialing(Self.firstAttempt)
    private var lastNumber = Self.firstAttempt
    private let once: Bool

    /// Creates a machine whose first attempt is on its way.
    ///
    /// - Parameter once: whether one attempt is all.
    package init(once: Bool) {
        self.once = once
    }

    /// Where the client stands.
    package var phase: Phase {
        switch self.state {
        case .dialing: .dialing
        case .up: .up
        case .moving: .moving
        case .backingOff: .backingOff
        case .stopped: .stopped
        }
    }

    /// The tunnels that the relay will close, the oldest first.
    package var draining: [Int] {
        switch self.state {
        case .up(_, let draining), .moving(let draining, _): draining
        case .dialing, .backingOff, .stopped: []
        }
    }

    /// Records that an attempt has become a tunnel.
    ///
    /// - Parameter attempt: its number.
    /// - Returns: what to do.
    package mutating func connected(_ attempt: Int) -> OnConnected {
        let action: OnConnected
        (self.state, action) =
            switch self.state {
            case .dialing(attempt): (.up(attempt, draining: []), .serve)
            case .moving(let draining, .dialing(attempt)): (.up(attempt, draining: draining), .serve)
            case .dialing, .up, .moving, .backingOff, .stopped: (self.state, .ignore)
            }
        return action
    }

    /// Records that the relay of a tunnel will close it soon.
    ///
    /// - Parameter attempt: the tunnel's number.
    /// - Returns: what to do.
    package mutating func goingAway(_ attempt: Int) -> OnGoingAway {
        switch self.state {
        case .up(attempt, var draining) where !self.once:
            draining.append(attempt)
            let ending = draining.count > Self.mostDraining ? draining.removeFirst() : nil
            let wait = self.number()
            self.state = .moving(draining: draining, .asked(wait))
            return .move(wait: wait, ending: ending)
        case .dialing, .up, .moving, .backingOff, .stopped:
            return .ignore
        }
    }

    /// Records that an attempt failed, or that a tunnel ended.
    ///
    /// - Parameters:
    ///   - attempt: its number.
    ///   - isRefusal: whether the relay refused for good.
    /// - Returns: what to do.
    package mutating func disconnected(_ attempt: Int, isRefusal: Bool) -> OnDisconnected {
        switch self.state {
        case .dialing(attempt):
            if isRefusal { return self.stop(.refused) }
            return self.once ? self.stop(.unavailable) : self.backOff([], begunAnew: false)
        case .up(attempt, let draining):
            if isRefusal { return self.stop(.refused) }
            return self.once ? self.stop(.done) : self.backOff(draining, begunAnew: true)
        case .up(let current, let draining) where draining.contains(attempt):
            self.state = .up(current, draining: draining.filter { $0 != attempt })
            return .drained
        case .moving(let draining, .dialing(attempt)):
            return isRefusal ? self.stop(.refused) : self.backOff(draining, begunAnew: false)
        case .moving(let draining, let next) where draining.contains(attempt):
            return self.drained(draining.filter { $0 != attempt }, next)
        case .dialing, .up, .moving, .backingOff, .stopped:
            return .ignore
        }
    }

    /// Records that a wait is over.
    ///
    /// - Parameter wait: its number.
    /// - Returns: what to do.
    package mutating func waited(_ wait: Int) -> OnWaited {
        switch self.state {
        case .backingOff(wait):
            let attempt = self.number()
            self.state = .dialing(attempt)
            return .dial(attempt)
        case .moving(let draining, .waiting(wait)), .moving(let draining, .asked(wait)):
            let attempt = self.number()
            self.state = .moving(draining: draining, .dialing(attempt))
            return .dial(attempt)
        case .dialing, .up, .moving, .backingOff, .stopped:
            return .ignore
        }
    }

    private mutating func stop(_ stop: Stop) -> OnDisconnected {
        self.state = .stopped
        return .stop(stop)
    }

    private mutating func backOff(_ draining: [Int], begunAnew: Bool) -> OnDisconnected {
        let wait = self.number()
        self.state = draining.isEmpty ? .backingOff(wait: wait) : .moving(draining: draining, .waiting(wait))
        return .backOff(wait: wait, begunAnew: begunAnew)
    }

    /// A relay that restarts is there again soon after its last tunnel ended: waits that grew while it drained are over.
    private mutating func drained(_ left: [Int], _ next: Next) -> OnDisconnected {
        guard left.isEmpty else {
            self.state = .moving(draining: left, next)
            return .drained
        }
        switch next {
        case .asked(let wait):
            self.state = .backingOff(wait: wait)
            return .beginAnew
        case .waiting:
            return self.backOff([], begunAnew: true)
        case .dialing(let attempt):
            self.state = .dialing(attempt)
            return .beginAnew
        }
    }

    private mutating func number() -> Int {
        self.lastNumber += 1
        return self.lastNumber
    }
}
