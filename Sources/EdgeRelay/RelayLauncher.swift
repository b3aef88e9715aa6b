package import EdgeConfiguration
import EdgeSystem
import EdgeTLS
import EdgeTypes
package import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Starts a relay from its configuration and runs it until it is told to stop.
package enum RelayLauncher {
    /// Runs a relay that was started: SIGHUP reloads, SIGTERM and SIGINT drain and stop.
    ///
    /// - Parameters:
    ///   - relay: the relay.
    ///   - logger: where the service group writes.
    /// - Throws: ``RelayFailure``.
    package static func run(_ relay: Relay, logger: Logger) async throws {
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
    /// As root it must be called on the first thread, before any other is started: Linux counts capabilities by thread,
    /// and threads inherit them.
    ///
    /// - Parameters:
    ///   - configurationFile: the configuration's file.
    ///   - environment: the environment, for overrides.
    ///   - logger: where the relay writes.
    ///   - levelChanged: told when a reload changes the log's level.
    /// - Returns: the service.
    /// - Throws: ``RelayFailure``.
    package static func start(
        configurationFile: String,
        environment: [String: String],
        logger: Logger,
        levelChanged: @escaping @Sendable (LogConfiguration.Level) -> Void = { _ in }
    ) throws(RelayFailure) -> Relay {
        let reader = PlanReader(file: configurationFile, environment: environment, loader: CertificateLoader())
        let reading = reader.read()
        for note in reading.notes { logger.notice("\(note)") }
        for problem in reading.problems where problem.isWarning { logger.warning("\(problem)") }
        guard let plan = reading.plan else { throw RelayFailure(problems: reading.problems) }
        _ = try? Descriptors.raiseLimit()
        let bound = try self.bind(plan.configuration)
        do throws(RelayFailure) {
            try self.become(plan.configuration.user, logger)
            let relay = try Relay(reader: reader, plan: try self.readAgain(reader, plan), bound: bound, logger: logger)
            relay.levelChanged.withLock { $0 = levelChanged }
            return relay
        } catch {
            for listener in bound { listener.socket.close() }
            throw error
        }
    }

    /// Binds every listener, or none.
    private static func bind(_ configuration: Configuration) throws(RelayFailure) -> [BoundListener] {
        var bound: [BoundListener] = []
        do throws(SystemError) {
            for listener in configuration.listeners { bound += try BoundListener.bind(listener) }
            return bound
        } catch {
            for listener in bound { listener.socket.close() }
            throw self.failure(error)
        }
    }

    private static func become(_ user: String?, _ logger: Logger) throws(RelayFailure) {
        guard let user, Privileges.isRoot else { return }
        do throws(SystemError) {
            try Privileges.become(user: user)
            logger.notice("running without root's rights", metadata: ["edge.user": "\(user)"])
        } catch {
            throw self.failure(error)
        }
    }

    /// Reads everything as the user that a reload will be, so that no reload is surprised.
    private static func readAgain(_ reader: PlanReader, _ plan: RelayPlan) throws(RelayFailure) -> RelayPlan {
        guard plan.configuration.user != nil else { return plan }
        let again = reader.read()
        guard let plan = again.plan else { throw RelayFailure(problems: again.problems.map { self.withMode($0) }) }
        return plan
    }

    private static func failure(_ error: SystemError) -> RelayFailure {
        RelayFailure(error.isPermission ? .refused : .unavailable, "\(error)")
    }

    /// A file that only root could read, with the mode that says so.
    private static func withMode(_ problem: CheckProblem) -> CheckProblem {
        guard let mode = try? FileReading.mode(path: problem.file) else { return problem }
        var named = problem
        named.message += " as the user of the configuration (mode 0\(String(mode & 0o7777, radix: 8)))"
        return named
    }
}
