/// An arrival that the acceptor keeps: it waits for bytes, or it is being refused.
struct KeptArrival {
    /// What it is kept for.
    enum Phase {
        /// For more bytes.
        case waiting(ArrivalPatience)
        /// For the end of its refusal; with the answer.
        case refusing(RefusalStateMachine, answer: [UInt8])
    }

    /// The arrival.
    var arrival: Arrival
    /// What it is kept for.
    var phase: Phase
    /// When it is over in any case.
    var deadline: ContinuousClock.Instant
}
