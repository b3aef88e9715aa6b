import ArgumentParser
import EdgeConfiguration
import EdgeRelay
import FoundationEssentials
import Logging

/// Runs the relay.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the relay.",
        discussion: """
            It stays in the foreground, logs to standard error and tells systemd when it is ready. SIGHUP reads the \
            configuration and the certificates again, SIGTERM lets open connections finish.

            Example: rvpn serve --config /etc/rvpn/rvpn.yaml
            """
    )

    @Option(
        help: ArgumentHelp("The configuration; ./rvpn.yaml or else /etc/rvpn/rvpn.yaml if absent.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @OptionGroup
    var log: LogOptions

    /// A relay that is bound and waits to be run.
    struct Start: Sendable {
        let relay: Relay
        let logger: Logger
    }

    /// Reads the configuration, binds the ports and gives up root's rights.
    ///
    /// - Returns: the relay.
    /// - Throws: a ``CommandFailure``.
    func start() throws(CommandFailure) -> Start {
        let file = try ConfigurationFile.find(self.config)
        let environment = ProcessInfo.processInfo.environment
        let written = RelayCheck.log(configurationFile: file, environment: environment)
        let fixed = self.log.logLevel?.level
        let threshold = LogThreshold(fixed ?? written.flatMap { LogLevel(rawValue: $0.level.rawValue) }?.level ?? .info)
        let logger = self.log.bootstrap(threshold, format: written?.format == .json ? .json : .logfmt)
        do throws(RelayFailure) {
            let relay = try RelayLauncher.start(
                configurationFile: file,
                environment: environment,
                logger: logger,
                levelChanged: { level in
                    guard fixed == nil, let level = LogLevel(rawValue: level.rawValue)?.level else { return }
                    threshold.set(level)
                }
            )
            return Start(relay: relay, logger: logger)
        } catch {
            throw CommandFailure(error.exitCode, error.description)
        }
    }

    /// Runs a relay until it is told to stop.
    ///
    /// - Parameter start: the relay.
    /// - Throws: a ``CommandFailure``.
    static func run(_ start: Start) async throws {
        do {
            try await RelayLauncher.run(start.relay, logger: start.logger)
        } catch let failure as RelayFailure {
            throw CommandFailure(failure.exitCode, failure.description)
        }
    }

    func run() async throws {
        try await Self.run(try self.start())
    }
}

extension RelayFailure {
    /// What the command ends with.
    fileprivate var exitCode: ExitCode {
        switch self.kind {
        case .configuration: ExitCodes.configuration
        case .refused: ExitCodes.refused
        case .unavailable: ExitCodes.unavailable
        case .internalFault: ExitCodes.internalFault
        }
    }
}
