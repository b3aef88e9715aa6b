import ArgumentParser
import EdgeTokens
import FoundationEssentials

/// Explains a token.
struct TokenInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a token says, and whether it verifies.",
        discussion: """
            Without a secret the token is only shown. With one, the exit code is 77 when the token does not verify.

            Example: rvpn token inspect --secret-file secret - < token
            """
    )

    /// How far clocks may be apart, as a relay has it by default.
    private static let leeway = Duration.seconds(30)

    @Argument(help: "The token; - reads standard input. Without it RVPN_TOKEN is used, or else standard input.")
    var token: String?

    @OptionGroup
    var secret: SecretOptions

    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() throws {
        let text = try self.tokenText()
        let key = try self.secret.key()
        let now = UnixTime.now
        let report: TokenReport
        do throws(TokenError) {
            report = try TokenReport(text, key: key, leeway: Self.leeway, now: now)
        } catch {
            throw CommandFailure(ExitCodes.refused, error.description)
        }
        print(self.json ? try report.json() : report.lines(now: now).joined(separator: "\n"))
        if report.refusal != nil { throw ExitCodes.refused }
    }

    private func tokenText() throws(CommandFailure) -> String {
        if let token, token != "-" { return token }
        let source = try SecretSource.read(
            file: self.token,
            variable: SecretSource.tokenVariable,
            environment: ProcessInfo.processInfo.environment
        )
        if let source { return try source.text() }
        let input = try SecretSource.read(file: "-", variable: SecretSource.tokenVariable, environment: [:])
        return try input?.text() ?? ""
    }
}
