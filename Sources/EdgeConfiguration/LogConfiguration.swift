/// What is logged, and how.
package struct LogConfiguration: Sendable, Hashable {
    /// The least that is logged, by its name.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        /// Everything.
        case trace
        /// A line for every connection.
        case debug
        /// What the relay does and refuses.
        case info
        /// What is worth a look.
        case notice
        /// What is likely to go wrong.
        case warning
        /// What went wrong.
        case error
        /// What ends the process.
        case critical
    }

    /// How a line is written.
    package enum Format: String, Sendable, Hashable, CaseIterable {
        /// `key=value` pairs.
        case logfmt
        /// One JSON object a line.
        case json
    }

    /// `level`: the least that is logged; `info`.
    package var level = Level.info
    /// `format`: how a line is written; `logfmt`.
    package var format = Format.logfmt

    /// Creates the defaults.
    package init() {}
}
