/// Why the relay did not start, or stopped by its own fault.
package struct RelayFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of fault it is; the command makes its exit code of it.
    package enum Kind: Sendable {
        /// What the operator wrote cannot be used.
        case configuration
        /// A right is missing.
        case refused
        /// Something that is needed is not there: a port is in use.
        case unavailable
        /// The relay's own fault.
        case internalFault
    }

    /// What kind of fault it is.
    package let kind: Kind
    /// What happened and how to mend it.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(problems: [CheckProblem]) {
        let errors = problems.filter { !$0.isWarning }
        self.init(.configuration, errors.map(\.description).joined(separator: "\n"))
    }
}
