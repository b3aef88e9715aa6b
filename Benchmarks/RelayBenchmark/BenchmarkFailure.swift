/// Why something could not be measured, for whoever reads the table.
struct BenchmarkFailure: Error, CustomStringConvertible {
    /// What was tried, and what came instead.
    let description: String

    /// Creates a failure.
    ///
    /// - Parameter description: what was tried, and what came instead.
    init(_ description: String) {
        self.description = description
    }
}
