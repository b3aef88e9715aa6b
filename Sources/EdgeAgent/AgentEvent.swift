/// What the client's machine is told of, in the order in which it happened.
enum AgentEvent: Sendable {
    /// Something happened to an attempt; its number is the machine's.
    case attempt(Int, AttemptNews)
    /// A wait is over; its number is the machine's.
    case waited(Int)
}
