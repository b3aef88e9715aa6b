package import EdgeConfiguration
import EdgeSystem
import EdgeTLS
import EdgeTypes
package import Logging
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Starts a relay from its configuration and runs it until it is told to stop.
package enum RelayLauncher {
    /// Runs a relay: SIGHUP reloads, SIGTERM and SIGINT drain and stop.
    ///
    /// - Parameters:
    ///   - configurationFile: the configuration's file.
    ///   - environment: the environment, for overrides.
    ///   - logger: where the relay writes.
    ///   - levelChanged: told when a reload changes the log's level.
    /// - Throws: ``RelayFailure``.
    package static func run(
        configurationFile: String,
        environment: [String: String],
        logger: Logger,
        levelChanged: @escaping @Sendable (LogConfiguration.Level) -> Void = { _ in }
    ) async throws {
        let relay = try await self.start(
            configurationFile: configurationFile,
            environment: environment,
            logger: logger,
            levelChanged: levelChanged
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [relay],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    /// Reads, binds, gives up what root may do, and makes the service; it runs when its `run()` is called.
    ///
    /// On the main thread, since Linux counts capabilities by thread: listeners that a reload adds are bound here too.
    ///
    /// - Parameters:
    ///   - configurationFile: the configuration's file.
    ///   - environment: the environment, for overrides.
    ///   - logger: where the relay writes.
    ///   - levelChanged: told when a reload changes the log's level.
    /// - Returns: the service.
    /// - Throws: ``RelayFailure``.
    @MainActor
    package static func start(
        configurationFile: String,
        environment: [String: String],
        logger: Logger,
        levelChanged: @escaping @Sendable (LogConfiguration.Level) -> Void = { _ in }
    ) async throws -> Relay {
        let reader = PlanReader(file: configurationFile, environment: environment, loader: CertificateLoader())
        let reading = reader.read()
        for note in reading.notes { logger.notice("\(note)") }
        for problem in reading.problems where problem.isWarning { logger.warning("\(problem)") }
        guard let plan = reading.plan else { throw RelayFailure(problems: reading.problems) }
        _ = try? Descriptors.raiseLimit()
        let relay = try Relay(reader: reader, plan: plan, logger: logger, levelChanged: levelChanged)
        do throws(SystemError) {
            try relay.bind()
            if let user = plan.configuration.user, Privileges.isRoot {
                try Privileges.become(user: user)
                logger.notice("running without root's rights", metadata: ["edge.user": "\(user)"])
            }
        } catch {
            relay.abandon()
            throw Self.failure(error)
        }
        if plan.configuration.user != nil {
            let again = reader.read()
            guard again.plan != nil else {
                relay.abandon()
                throw RelayFailure(problems: again.problems.map { Self.withMode($0) })
            }
        }
        return relay
    }

    private static func failure(_ error: SystemError) -> RelayFailure {
        let isRight = error.isPermission
        let advice = isRight ? " \(Privileges.advice)" : ""
        return RelayFailure(isRight ? .refused : .unavailable, "\(error)\(advice)")
    }

    /// A file that only root could read, with the mode that says so.
    private static func withMode(_ problem: CheckProblem) -> CheckProblem {
        guard let mode = try? FileReading.mode(path: problem.file) else { return problem }
        var named = problem
        named.message += " as the user of the configuration (mode 0\(String(mode & 0o7777, radix: 8)))"
        return named
    }
}
