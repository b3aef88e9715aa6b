import ArgumentParser
import EdgeDemo
import EdgeSystem
import Logging

/// Runs a relay, a client and a small site on this machine.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a relay, a client and a small site on this machine.",
        discussion: """
            It prints lines to paste, and stops with Ctrl-C. It listens on loopback addresses only.

            Example: rvpn demo --certs certs
            """
    )

    @Option(help: ArgumentHelp("The folder that certs/make filled.", valueName: "folder"), completion: .directory)
    var certs = "certs"

    @Option(help: ArgumentHelp("The relay's port for every protocol; 0 for any that is free.", valueName: "port"))
    var listen: UInt16 = 8443

    @Option(help: ArgumentHelp("The relay's port for plain HTTP; 0 for any that is free.", valueName: "port"))
    var plain: UInt16 = 8080

    @OptionGroup
    var log: LogOptions

    func validate() throws {
        guard self.listen != self.plain || self.listen == 0 else {
            throw ValidationError("--listen and --plain are two ports: give them two numbers.")
        }
    }

    func run() async throws {
        let options = DemoOptions(certificates: self.certs, listen: self.listen, plain: self.plain) { lines in
            StandardStreams.writeOutput("\(lines)\n")
        }
        let logger = self.log.bootstrap(level: .warning)
        do throws(DemoFailure) {
            try await DemoLauncher.run(options: options, logger: logger)
        } catch {
            throw CommandFailure(error.exitCode, error.description)
        }
    }
}

extension DemoFailure {
    /// What the command ends with.
    fileprivate var exitCode: ExitCode {
        switch self {
        case .noCertificates: ExitCodes.configuration
        case .portTaken, .noFolder: ExitCodes.unavailable
        case .portForbidden: ExitCodes.refused
        case .partFailed: ExitCodes.internalFault
        }
    }
}
