import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The tunnel client: dials the relay, serves, and dials again.
package final class Agent: Service {
    private let plan: AgentPlan
    private let logger: Logger
    private let announce: @Sendable (String) -> Void

    init(plan: AgentPlan, logger: Logger, announce: @escaping @Sendable (String) -> Void) {
        self.plan = plan
        self.logger = logger
        self.announce = announce
    }

    /// Serves until the group that runs it shuts down, or the relay refuses for good.
    ///
    /// - Throws: ``AgentFailure``.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await cancelWhenGracefulShutdown {
                var driver = AgentDriver(
                    plan: self.plan,
                    logger: self.logger,
                    announce: self.announce,
                    on: group.next()
                )
                try await driver.run()
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try? await group.shutdownGracefully()
    }
}
