/// One thing that an operator wrote and should mend, with its place.
package struct ConfigurationError: Sendable, Hashable, CustomStringConvertible {
    /// The file as it was named, or the environment's variable.
    package var file: String
    /// The line, from 1; nil where there is no line to point at.
    package var line: Int?
    /// The column in characters, from 1; nil where there is no line.
    package var column: Int?
    /// What is wrong.
    package var message: String
    /// What to do about it; nil where the message says it.
    package var mend: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - file: the file or variable.
    ///   - line: the line, from 1.
    ///   - column: the column, from 1.
    ///   - message: what is wrong.
    ///   - mend: what to do about it.
    package init(file: String, line: Int? = nil, column: Int? = nil, message: String, mend: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.mend = mend
    }

    /// `file:line:column: message; mend`.
    package var description: String {
        var place = self.file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        return "\(place): \(self.message)" + (self.mend.map { "; \($0)" } ?? "")
    }
}
