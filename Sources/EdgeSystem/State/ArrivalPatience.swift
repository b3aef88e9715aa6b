/// When an arrival that waits is asked about again.
///
/// Each question costs a look at all bytes there are. A peer that sends them one by one would buy a thousand looks for
/// the price of a thousand packets, so after a number of questions further ones are asked at intervals only.
package struct ArrivalPatience: Sendable {
    /// Questions that are asked at once: more packets than any preface of an honest client comes in.
    package static let freeQuestions = 64
    /// Time between questions after that: 200 in the ten seconds that an arrival has by default.
    package static let interval: Duration = .milliseconds(50)

    /// What to do about bytes that came.
    package enum OnBytes: Equatable, Sendable {
        /// Nothing: fewer are there than were wanted, or the next question has its time already.
        case wait
        /// Ask now.
        case ask
        /// Ask at this instant.
        case askLater(ContinuousClock.Instant)
    }

    /// Bytes wanted before the next question, in all.
    package private(set) var wanted: Int
    private var questions: Int
    private var asked: ContinuousClock.Instant
    private var isScheduled = false

    /// Creates the patience with an arrival that begins to wait.
    ///
    /// - Parameters:
    ///   - wanted: bytes wanted before the next question, in all.
    ///   - now: the present instant.
    package init(wanted: Int, at now: ContinuousClock.Instant) {
        self.wanted = wanted
        self.questions = 0
        self.asked = now
    }

    /// Records that bytes came.
    ///
    /// - Parameters:
    ///   - count: how many are there in all.
    ///   - now: the present instant.
    /// - Returns: whether to ask about the arrival.
    package mutating func bytesCame(_ count: Int, at now: ContinuousClock.Instant) -> OnBytes {
        guard count >= self.wanted, !self.isScheduled else { return .wait }
        let due = self.asked + Self.interval
        guard self.questions >= Self.freeQuestions, now < due else { return .ask }
        self.isScheduled = true
        return .askLater(due)
    }

    /// Records that the instant of a postponed question came.
    ///
    /// - Parameter now: the present instant.
    /// - Returns: whether there is a question to ask.
    package mutating func timeCame(at now: ContinuousClock.Instant) -> Bool {
        guard self.isScheduled, now >= self.asked + Self.interval else { return false }
        self.isScheduled = false
        return true
    }

    /// Records that the question was asked and that waiting goes on.
    ///
    /// - Parameters:
    ///   - wanted: bytes wanted before the next question, in all.
    ///   - now: the present instant.
    package mutating func waitsOn(wanted: Int, at now: ContinuousClock.Instant) {
        self.wanted = wanted
        self.questions += 1
        self.asked = now
        self.isScheduled = false
    }
}
