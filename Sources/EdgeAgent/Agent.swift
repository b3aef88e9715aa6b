import EdgeChannels
import EdgeTypes
import FoundationEssentials
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
            try await cancelWhenGracefulShutdown { try await self.serve(on: group.next()) }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try? await group.shutdownGracefully()
    }

    private func serve(on loop: any EventLoop) async throws {
        let dialer = RelayDialer(
            plan: self.plan,
            instance: UUID().uuidString.lowercased(),
            logger: self.logger,
            announce: self.announce
        )
        let buffers = LoopBuffers()
        let isUp = UpFlag()
        var machine = AgentStateMachine(once: self.plan.runsOnce)
        var backoff = ReconnectBackoff()
        while !Task.isCancelled {
            self.logger.info("dialing", metadata: ["edge.relay": "\(self.plan.relay)"])
            isUp.clear()
            let token = try self.plan.token(at: Int(Date.now.timeIntervalSince1970))
            let logger = self.logger
            let end = await dialer.run(on: loop, buffers: buffers, token: token) {
                isUp.raise()
                logger.notice("connected")
            }
            if isUp.isRaised { machine.connected() }
            guard !Task.isCancelled else { return }
            switch machine.disconnected(isRefusal: end.isRefusal) {
            case .stop(.refused): throw AgentFailure(.refused, end.text)
            case .stop(.unavailable): throw AgentFailure(.unavailable, end.text)
            case .stop(.done): return
            case .backOff(let begunAnew):
                if begunAnew { backoff.reset() }
                let wait = backoff.next(chance: Double.random(in: 0..<1), hint: end.hint)
                self.logger.warning(
                    "disconnected",
                    metadata: ["error": "\(end.text)", "edge.retry": "\(Self.text(wait))"]
                )
                do { try await Task.sleep(for: wait) } catch { return }
                _ = machine.waited()
            case .dial, .ignore:
                break
            }
        }
    }

    /// A wait in whole milliseconds, as an operator writes durations.
    private static func text(_ wait: Duration) -> String {
        let (seconds, attoseconds) = wait.components
        return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
    }
}
