/// Why the client ended.
package struct AgentFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of end it is; the command makes its exit code of it.
    package enum Kind: Sendable {
        /// The command line's words are wrong, or something is missing there.
        case usage
        /// What the user's file says cannot be used.
        case configuration
        /// The relay refused the token or a name.
        case refused
        /// The relay could not be reached, and one attempt was all.
        case unavailable
        /// The client's own fault.
        case internalFault
    }

    /// What kind of end it is.
    package let kind: Kind
    /// What happened and how to mend it; no secret in it.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
