import ArgumentParser
import EdgeAgent
import EdgeSystem
import FoundationEssentials

/// Runs the agent.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Serve local ports through a relay.",
        discussion: """
            It reconnects until it is stopped; a passing fault never ends it. When the relay says that it restarts, the next \
            tunnel is opened while the old one finishes what is open. The public addresses stand on standard output, one a \
            line; for SSH the command that reaches it.

            Example: rvpn connect --relay wss://tunnel.example.com --token-file token --local http:app.example.com:3000

            More for --local: tcp:2222:22 shows port 22 of this machine as port 2222 of the relay, tcp:*:5432 as any port \
            that the relay lends, ssh:device.example.com:22 under a name, through TLS.
            """
    )

    @Option(
        help: ArgumentHelp("A file with the options below; they come before what stands in it.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(
        name: [.long, .customLong("stunneld")],
        help: ArgumentHelp("The relay: wss://HOST or wss://HOST:PORT.", valueName: "url")
    )
    var relay: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            What to serve: [http|https|ssh:]NAME:TARGET, tcp:PUBLICPORT:TARGET, or tcp:*:TARGET for a port of the relay's pool; \
            TARGET is PORT, HOST:PORT or unix:PATH.
            """,
            valueName: "service"
        )
    )
    var local: [String] = []

    @Option(help: ArgumentHelp("The same, separated by commas, as older clients have it.", valueName: "services"))
    var locals: String?

    @Option(
        help: ArgumentHelp(
            "The file that holds a token; - is standard input. Without it RVPN_TOKEN.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    @OptionGroup
    var secretOptions: SecretOptions

    @Option(help: ArgumentHelp("The secret itself; every user of this machine can read it there.", valueName: "text"))
    var secret: String?

    @Option(
        help: ArgumentHelp("Certificates to trust instead of the system's.", valueName: "file"),
        completion: .file()
    )
    var ca: String?

    @Flag(help: "Accept any certificate: whoever sits between can read and change everything.")
    var insecure = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Where a name is reached, instead of asking DNS.", valueName: "host:address")
    )
    var resolve: [String] = []

    @Flag(help: "Do not reconnect: end with 69 when the relay is away.")
    var once = false

    @OptionGroup
    var log: LogOptions

    func run() async throws {
        let options = AgentOptions(
            configurationFile: self.config,
            relay: self.relay,
            locals: self.local + (self.locals?.split(separator: ",").map(String.init) ?? []),
            credential: try self.credential(),
            certificateAuthorityFile: self.ca,
            isInsecure: self.insecure,
            resolve: self.resolve,
            runsOnce: self.once,
            environment: ProcessInfo.processInfo.environment,
            announce: { StandardStreams.writeOutput("\($0)\n") }
        )
        if self.insecure {
            StandardStreams.warn("--insecure: the relay's certificate is NOT checked; use it for nothing but a test")
        }
        let logger = self.log.bootstrap()
        do throws(AgentFailure) {
            try await AgentLauncher.run(options: options, logger: logger)
        } catch {
            throw CommandFailure(error.exitCode, error.description)
        }
    }

    /// What proves who we are; nil where the configuration file is to say it.
    private func credential() throws(CommandFailure) -> AgentOptions.Credential? {
        let environment = ProcessInfo.processInfo.environment
        if let secret {
            let source = try SecretSource.fromCommandLine(secret, option: "--secret")
            return .secret(source.bytes, name: source.name)
        }
        // What stands on the command line comes before the environment, whichever of the two it is.
        let isSecretNamed = self.secretOptions.secretFile != nil && self.tokenFile == nil
        if !isSecretNamed {
            let token = try SecretSource.read(
                file: self.tokenFile,
                variable: SecretSource.tokenVariable,
                environment: environment
            )
            if let token { return .token(try token.text()) }
        }
        let source = try SecretSource.read(
            file: self.secretOptions.secretFile,
            variable: SecretSource.secretVariable,
            environment: environment
        )
        return source.map { .secret($0.bytes, name: $0.name) }
    }
}

extension AgentFailure {
    /// What the command ends with.
    fileprivate var exitCode: ExitCode {
        switch self.kind {
        case .usage: ExitCodes.usage
        case .configuration: ExitCodes.configuration
        case .refused: ExitCodes.refused
        case .unavailable: ExitCodes.unavailable
        case .internalFault: ExitCodes.internalFault
        }
    }
}
