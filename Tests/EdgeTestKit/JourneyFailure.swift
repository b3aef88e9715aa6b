/// Why a journey could not go on: said by the kit, read by whoever looks at a failed test.
package struct JourneyFailure: Error, CustomStringConvertible {
    /// What was waited for or tried, and what came instead.
    package let description: String

    /// Creates a failure.
    ///
    /// - Parameter description: what was waited for or tried, and what came instead.
    package init(_ description: String) {
        self.description = description
    }
}
