import ArgumentParser
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// The command: verb first, `--help` on every level.
@main
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

    /// Runs the command, and turns every way in which it can end into an exit code of ``ExitCodes``.
    static func main() async {
        do {
            var command = try Self.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            StandardStreams.writeError("rvpn: \(failure.message)\n")
            Self.exit(withError: failure.exitCode)
        } catch {
            // The parser knows its own errors; anything else is unforeseen.
            guard Self.exitCode(for: error) == .failure, !(error is ExitCode) else { Self.exit(withError: error) }
            StandardStreams.writeError("rvpn: unexpected: \(error)\n")
            Self.exit(withError: ExitCodes.internalFault)
        }
    }
}
