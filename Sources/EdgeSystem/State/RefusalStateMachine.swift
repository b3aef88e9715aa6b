/// The end of a connection that is refused.
///
///     answering --all sent--> draining --limit read--> holding
///         |                      |                        |
///         +------ failed, timed out, or the peer's end (not while answering) ------> closed
///
/// A close over unread bytes resets the connection, and a reset may take the answer with it. So what the peer goes on
/// sending is read and dropped for a while. What comes beyond the limit is left unread, and the socket is held open
/// for the rest of the time, so that the peer can read its answer before the reset.
package struct RefusalStateMachine: Sendable {
    private enum State {
        case answering(sent: Int)
        case draining(left: Int)
        case holding
        case closed
    }

    /// What to do next.
    package enum Action: Equatable, Sendable {
        /// Send the answer from this offset on.
        case send(from: Int)
        /// Shut down writing, then report ``RefusalStateMachine/writingFinished()``.
        case finishWriting
        /// Read and drop, at most this many bytes.
        case read(upTo: Int)
        /// Nothing, until the socket or the clock says more.
        case wait
        /// Close the socket.
        case close
    }

    /// Bytes that came in all, those read off before the answer counted in.
    package private(set) var received: Int
    /// Bytes of the answer that were sent.
    package private(set) var sent = 0
    private let answer: Int
    private let drain: Int
    private var state = State.answering(sent: 0)

    /// Creates a machine for a refusal that begins.
    ///
    /// - Parameters:
    ///   - answer: the answer's length in bytes.
    ///   - received: bytes that were read off already.
    ///   - drain: most bytes to read and drop after the answer.
    package init(answer: Int, received: Int, drain: Int) {
        self.answer = answer
        self.received = received
        self.drain = drain
    }

    /// Whether it is over.
    package var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .answering, .draining, .holding: false
        }
    }

    /// Asks what to do, at the beginning and whenever the socket is ready for more.
    ///
    /// - Returns: what to do.
    package func ready() -> Action {
        switch self.state {
        case .answering(let sent) where sent < self.answer: .send(from: sent)
        case .answering: .finishWriting
        case .draining(let left): .read(upTo: left)
        case .holding: .wait
        case .closed: .close
        }
    }

    /// Records that a part of the answer was sent.
    ///
    /// - Parameter count: its length in bytes.
    /// - Returns: what to do.
    package mutating func answerSent(_ count: Int) -> Action {
        switch self.state {
        case .answering(let before):
            self.sent = before + count
            self.state = .answering(sent: self.sent)
        case .draining, .holding, .closed:
            break
        }
        return self.ready()
    }

    /// Records that writing was shut down.
    ///
    /// - Returns: what to do.
    package mutating func writingFinished() -> Action {
        switch self.state {
        case .answering: self.state = self.drain > 0 ? .draining(left: self.drain) : .holding
        case .draining, .holding, .closed: break
        }
        return self.ready()
    }

    /// Records that bytes were read and dropped.
    ///
    /// - Parameter count: how many.
    /// - Returns: what to do.
    package mutating func bytesReceived(_ count: Int) -> Action {
        switch self.state {
        case .draining(let left):
            self.received += count
            self.state = left > count ? .draining(left: left - count) : .holding
        case .answering, .holding, .closed:
            break
        }
        return self.ready()
    }

    /// Records that the peer ended, that the connection failed, or that the time is over.
    ///
    /// - Returns: what to do.
    package mutating func finished() -> Action {
        self.state = .closed
        return .close
    }
}
