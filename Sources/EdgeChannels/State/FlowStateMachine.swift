/// Which halves of a channel are open, and what is left to do before it may close.
///
///     open --input ends--> inputEnded --output ends or finish--> finishing(input ended) --drained--> closed
///      |  \
///      |   finish--> finishing --drained--> lingering --input ends or time--> closed
///      |
///      output ends--> outputEnding --drained--> outputEnded --input ends--> closed
///
/// "Output ends" means that nothing more will be written; what was written may still wait, and "drained" is when it has
/// left. A channel whose peer still speaks lingers: to close over unread bytes is a reset, and the peer may lose the
/// answer.
package struct FlowStateMachine: Sendable {
    private enum State {
        case open
        case inputEnded
        case outputEnding
        case outputEnded
        case finishing
        case finishingInputEnded
        case lingering
        case closed
    }

    private var state = State.open

    /// Creates a machine for a channel whose halves are both open.
    package init() {}

    /// Whether what the peer sends still has a taker.
    package var isInputOpen: Bool {
        switch self.state {
        case .open, .outputEnding, .outputEnded: true
        case .inputEnded, .finishing, .finishingInputEnded, .lingering, .closed: false
        }
    }

    /// Whether more may be written.
    package var isOutputOpen: Bool {
        switch self.state {
        case .open, .inputEnded: true
        case .outputEnding, .outputEnded, .finishing, .finishingInputEnded, .lingering, .closed: false
        }
    }

    /// Whether nothing is left to do.
    package var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .open, .inputEnded, .outputEnding, .outputEnded, .finishing, .finishingInputEnded, .lingering: false
        }
    }

    /// What to do when the peer says that it will send no more.
    package enum OnInputEnded: Equatable, Sendable {
        /// Tell the far side.
        case tellFarSide
        /// Tell the far side, and close: nothing is left to send.
        case tellFarSideAndClose
        /// Close: the far side is done.
        case close
        /// Nothing changes now.
        case ignore
    }

    /// Records that the peer ended its half.
    ///
    /// - Returns: what to do.
    package mutating func inputEnded() -> OnInputEnded {
        let action: OnInputEnded
        (self.state, action) =
            switch self.state {
            case .open: (.inputEnded, .tellFarSide)
            case .outputEnding: (.finishingInputEnded, .tellFarSide)
            case .outputEnded: (.closed, .tellFarSideAndClose)
            case .finishing: (.finishingInputEnded, .ignore)
            case .lingering: (.closed, .close)
            case .inputEnded: (.inputEnded, .ignore)
            case .finishingInputEnded: (.finishingInputEnded, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when nothing more will be written.
    package enum OnOutputEnded: Equatable, Sendable {
        /// Wait until what was written has left.
        case drain
        /// The output half has ended already: wait for the peer for a limited time.
        case linger
        /// It is known already.
        case ignore
    }

    /// Records that the far side has no more for the peer, which may still speak.
    ///
    /// - Returns: what to do.
    package mutating func outputEnded() -> OnOutputEnded {
        let action: OnOutputEnded
        (self.state, action) =
            switch self.state {
            case .open: (.outputEnding, .drain)
            case .inputEnded: (.finishingInputEnded, .drain)
            case .outputEnding: (.outputEnding, .ignore)
            case .outputEnded: (.outputEnded, .ignore)
            case .finishing: (.finishing, .ignore)
            case .finishingInputEnded: (.finishingInputEnded, .ignore)
            case .lingering: (.lingering, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// Records that the far side is done in both directions.
    ///
    /// - Returns: what to do.
    package mutating func finished() -> OnOutputEnded {
        let action: OnOutputEnded
        (self.state, action) =
            switch self.state {
            case .open: (.finishing, .drain)
            case .inputEnded: (.finishingInputEnded, .drain)
            case .outputEnding: (.finishing, .ignore)
            case .outputEnded: (.lingering, .linger)
            case .finishing: (.finishing, .ignore)
            case .finishingInputEnded: (.finishingInputEnded, .ignore)
            case .lingering: (.lingering, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// What to do when what was written has left.
    package enum OnDrained: Equatable, Sendable {
        /// End the output half.
        case endOutput
        /// End the output half, then read the peer's rest away for a limited time.
        case endOutputAndLinger
        /// Close.
        case close
        /// Nothing was waited for.
        case ignore
    }

    /// Records that what was written has left.
    ///
    /// - Returns: what to do.
    package mutating func drained() -> OnDrained {
        let action: OnDrained
        (self.state, action) =
            switch self.state {
            case .outputEnding: (.outputEnded, .endOutput)
            case .finishing: (.lingering, .endOutputAndLinger)
            case .finishingInputEnded: (.closed, .close)
            case .open: (.open, .ignore)
            case .inputEnded: (.inputEnded, .ignore)
            case .outputEnded: (.outputEnded, .ignore)
            case .lingering: (.lingering, .ignore)
            case .closed: (.closed, .ignore)
            }
        return action
    }

    /// Records that the channel is gone, or that it shall be closed now.
    ///
    /// - Returns: whether it was open until now.
    package mutating func closed() -> Bool {
        let wasOpen = !self.isClosed
        self.state = .closed
        return wasOpen
    }
}
