package import Logging
import ServiceLifecycle
import UnixSignals

/// Starts a client from its options and runs it until it is told to stop.
package enum AgentLauncher {
    /// Runs a client; SIGTERM and SIGINT end it.
    ///
    /// - Parameters:
    ///   - options: the command line.
    ///   - logger: where the client writes.
    /// - Throws: ``AgentFailure``.
    package static func run(options: AgentOptions, logger: Logger) async throws(AgentFailure) {
        let agent = try self.make(options: options, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: agent,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let failure as AgentFailure {
            throw failure
        } catch {
            throw AgentFailure(.internalFault, "\(error)")
        }
    }

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - options: the command line.
    ///   - logger: where the client writes.
    /// - Returns: the service; it dials when its `run()` is called.
    /// - Throws: ``AgentFailure`` of kind `configuration`.
    package static func make(options: AgentOptions, logger: Logger) throws(AgentFailure) -> Agent {
        Agent(plan: try AgentPlan(options), logger: logger, announce: options.announce)
    }
}
