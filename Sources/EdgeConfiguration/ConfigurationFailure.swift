/// A configuration that cannot be used.
///
/// Always the operator's to mend; all errors at once, in the order of their lines.
package struct ConfigurationFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Everything that is wrong; never empty.
    package let errors: [ConfigurationError]

    /// Creates a failure.
    ///
    /// - Parameter errors: everything that is wrong.
    package init(errors: [ConfigurationError]) {
        self.errors = errors
    }

    /// One line an error.
    package var description: String { self.errors.map(\.description).joined(separator: "\n") }
}
