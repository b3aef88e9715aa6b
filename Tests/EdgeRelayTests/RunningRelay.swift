import EdgeRelay
import EdgeTestKit
import EdgeTypes
import Logging
import ServiceLifecycle

/// A relay inside the test's own process, so that its calls can be made.
final class RunningRelay: Sendable {
    let relay: Relay
    let port: UInt16
    private let folder: TemporaryFolder
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// Starts a relay and waits until it serves.
    ///
    /// - Parameter setup: what its operator wrote.
    /// - Throws: where it cannot start.
    init(_ setup: RelaySetup = RelaySetup()) async throws {
        let folder = try TemporaryFolder()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let relay = try RelayLauncher.start(
            configurationFile: setup.write(to: folder),
            environment: [:],
            logger: logger
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [relay], logger: logger))
        self.folder = folder
        self.relay = relay
        self.group = group
        self.port = relay.endpoints.first?.port ?? 0
        self.running = Task { try await group.run() }
        while await !relay.isReady() { await Task.yield() }
    }

    /// Stops it; it must end without an error.
    func stop() async throws {
        await self.group.triggerGracefulShutdown()
        try await self.running.value
    }
}
