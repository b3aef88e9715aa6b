import ArgumentParser
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// The command: verb first, `--help` on every level.
struct RVPNCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rvpn",
        abstract: "A reverse VPN: services behind a firewall, reached by name through a relay.",
        discussion: """
            Example: rvpn demo
            """,
        version: "rvpn \(Product.version), \(TLSLibrary.version)",
        subcommands: [
            ServeCommand.self, ConnectCommand.self, TokenCommand.self, CheckCommand.self, SniffCommand.self,
            DemoCommand.self,
        ]
    )

    /// Turns an error into the exit code of ``ExitCodes`` that it earns, and ends the process.
    ///
    /// - Parameter error: what the command ended with.
    static func end(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            StandardStreams.writeError("rvpn: \(failure.message)\n")
            Self.exit(withError: failure.exitCode)
        }
        // The parser knows its own errors; anything else is unforeseen.
        guard Self.exitCode(for: error) == .failure, !(error is ExitCode) else { Self.exit(withError: error) }
        StandardStreams.writeError("rvpn: unexpected: \(error)\n")
        Self.exit(withError: ExitCodes.internalFault)
    }
}
