/// What happens to an attempt to reach the relay, and to the tunnel that it becomes.
enum AttemptNews: Sendable {
    /// How an attempt ended.
    struct End: Sendable {
        /// What happened, for the log.
        var text: String
        /// Whether the relay refused for good.
        var isRefusal = false
        /// How long the relay asked to wait.
        var hint: Duration?
    }

    /// The tunnel is up; told once.
    case connected
    /// The relay will close the tunnel soon, and asks to come back within a time; told once.
    case goingAway(hint: Duration?)
    /// It is over; told once, as the last.
    case ended(End)
}
