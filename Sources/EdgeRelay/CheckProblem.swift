/// Something that keeps the relay from starting, or that an operator should know.
package struct CheckProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file that it is about.
    package var file: String
    /// The line in it, counted from 1.
    package var line: Int?
    /// What is wrong.
    package var message: String
    /// What mends it.
    package var mend: String?
    /// Whether the relay starts all the same.
    package var isWarning: Bool

    /// Creates a problem.
    ///
    /// - Parameters:
    ///   - file: the file that it is about.
    ///   - line: the line in it.
    ///   - message: what is wrong.
    ///   - mend: what mends it.
    ///   - isWarning: whether the relay starts all the same.
    package init(file: String, line: Int? = nil, message: String, mend: String? = nil, isWarning: Bool = false) {
        self.file = file
        self.line = line
        self.message = message
        self.mend = mend
        self.isWarning = isWarning
    }

    /// The problem on one line.
    package var description: String {
        let place = self.line.map { "\(self.file):\($0)" } ?? self.file
        return self.mend.map { "\(place): \(self.message); \($0)" } ?? "\(place): \(self.message)"
    }
}
