/// A program that has run to its end.
package struct FinishedProcess: Sendable {
    /// How it ended.
    package let status: ExitStatus
    /// What it wrote to standard output.
    package let output: [UInt8]
    /// What it wrote to standard error.
    package let errors: String

    /// Standard output as text.
    package var text: String { String(decoding: self.output, as: UTF8.self) }

    /// Runs a program to its end, and kills it when that does not come.
    ///
    /// - Parameters:
    ///   - program: its path, or a name to look for along PATH.
    ///   - arguments: without the program's own name.
    ///   - input: what it reads on standard input.
    ///   - environment: set on top of ours.
    ///   - folder: where it starts; ours when nil.
    ///   - limit: how long it may run.
    /// - Throws: ``JourneyFailure`` when it cannot be started or does not end.
    package init(
        _ program: String,
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String: String] = [:],
        folder: String? = nil,
        within limit: Duration = Deadline.patience
    ) throws {
        let child = try ChildProcess(program, arguments, environment: environment, folder: folder)
        child.write(input)
        child.closeInput()
        self.status = try child.waitForEnd(within: limit)
        let record = child.record.current
        self.output = record.output
        self.errors = record.errorLines.joined(separator: "\n")
    }
}
