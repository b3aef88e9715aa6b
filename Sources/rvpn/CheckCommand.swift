import ArgumentParser
import EdgeRelay
import FoundationEssentials

/// Looks for what is wrong with a configuration before a relay runs with it.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, certificates, listeners and names.",
        discussion: """
            One line for each problem, with file, line and what mends it. The exit code is 78 when there is an error; \
            warnings alone leave it 0.

            Example: rvpn check --config rvpn.yaml
            """
    )

    @Option(
        help: ArgumentHelp("The configuration; ./rvpn.yaml or else /etc/rvpn/rvpn.yaml if absent.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Flag(help: "Print one line of JSON for each problem.")
    var json = false

    func run() throws {
        let file = try ConfigurationFile.find(self.config)
        let problems = RelayCheck.problems(
            configurationFile: file,
            environment: ProcessInfo.processInfo.environment
        )
        for problem in problems {
            print(self.json ? try Self.json(problem) : Self.line(problem))
        }
        if problems.contains(where: { !$0.isWarning }) { throw ExitCodes.configuration }
        if problems.isEmpty, !self.json { print("\(Printable.text(file)): no problems") }
    }

    /// `rvpn.yaml:7: warning: what is wrong; what mends it`, which editors can jump to.
    private static func line(_ problem: CheckProblem) -> String {
        let line: Int? = problem.line
        let mend: String? = problem.mend
        var text = Printable.text(problem.file)
        if let line { text += ":\(line)" }
        text += problem.isWarning ? ": warning: " : ": error: "
        text += Printable.text(problem.message)
        if let mend { text += "; \(Printable.text(mend))" }
        return text
    }

    private static func json(_ problem: CheckProblem) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(problem)), as: UTF8.self)
    }

    private struct Document: Encodable {
        let file: String
        let line: Int?
        let level: String
        let message: String
        let mend: String?

        init(_ problem: CheckProblem) {
            self.file = problem.file
            self.line = problem.line
            self.level = problem.isWarning ? "warning" : "error"
            self.message = problem.message
            self.mend = problem.mend
        }
    }
}
