import EdgeAdmin
import EdgeChannels
import EdgeConfiguration
import EdgeConnections
import EdgeSockets
import EdgeSystem
package import EdgeTypes
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The server: builds the rooms, runs them, and walks each connection through them.
///
///     start: bind, give up rights -> run: acceptor's thread, admin sessions, reaper, SIGHUP
///     SIGTERM: listeners close -> tunnels told -> streams finish or time out -> exit
package final class Relay: Service {
    let rooms: RelayRooms
    let acceptor: Acceptor
    let startedUnixSeconds = UnixClock.seconds
    let isReady = Atomic<Bool>(false)

    /// Told when a reload changes the log's level.
    let levelChanged = Mutex<@Sendable (LogConfiguration.Level) -> Void>({ _ in })

    private let reader: PlanReader
    /// The threads of the loops and of the acceptor.
    private let threads: NIOThreadPool
    private let adminVisitors: AsyncStream<AdminVisitor>

    init(reader: PlanReader, plan: RelayPlan, bound: [BoundListener], logger: Logger) throws(RelayFailure) {
        let configuration = plan.configuration
        let count = configuration.loops == 0 ? System.coreCount : configuration.loops
        self.reader = reader
        self.threads = NIOThreadPool(numberOfThreads: count + 1)
        var loops: [RelayLoop] = []
        do throws(SystemError) {
            self.acceptor = try Acceptor(limits: Self.acceptorLimits(configuration))
            for index in 0..<count {
                loops.append(RelayLoop(index: index, eventLoop: try SocketEventLoop(), buffers: LoopBuffers()))
            }
        } catch {
            throw RelayFailure(.internalFault, "\(error)")
        }
        let (stream, continuation) = AsyncStream.makeStream(of: AdminVisitor.self)
        self.adminVisitors = stream
        self.rooms = RelayRooms(
            logger: logger,
            loops: loops,
            plan: plan,
            acceptor: self.acceptor,
            connections: ConnectionTable(limits: Self.connectionLimits(configuration)),
            adminVisitors: continuation
        )
        for listener in bound { _ = self.rooms.listeners.open(listener) }
        self.threads.start()
        for loop in loops {
            self.threads.submit { _ in loop.eventLoop.run() }
        }
    }

    static func acceptorLimits(_ configuration: Configuration) -> AcceptorLimits {
        AcceptorLimits(
            preface: configuration.limits.preface,
            sniffTimeout: configuration.timeouts.sniff,
            waiting: configuration.limits.connections,
            waitingPerAddress: configuration.limits.connectionsPerAddress
        )
    }

    static func connectionLimits(_ configuration: Configuration) -> ConnectionLimits {
        ConnectionLimits(
            connections: configuration.limits.connections,
            connectionsPerAddress: configuration.limits.connectionsPerAddress
        )
    }

    /// Where the relay listens, with the ports that the system gave.
    package var endpoints: [SocketEndpoint] { self.rooms.listeners.all.map(\.bound) }

    /// Serves until the group that runs it shuts down.
    ///
    /// - Throws: ``RelayFailure`` when the acceptor breaks.
    package func run() async throws {
        let ended = self.serve()
        self.announce()
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await ended.get() }
                tasks.addTask { await self.serveAdmin() }
                tasks.addTask { await ConnectionReaper(rooms: self.rooms).run() }
                tasks.addTask { await self.reloadOnSignal() }
                try await tasks.next()
                await self.drain()
                tasks.cancelAll()
                self.rooms.adminVisitors.finish()
            }
        } onGracefulShutdown: {
            self.isReady.store(false, ordering: .relaxed)
            self.rooms.listeners.closeAll()
            self.acceptor.stop()
        }
        self.rooms.names.stop()
        for loop in self.rooms.loops { try? await loop.eventLoop.shutdownGracefully() }
        try? await self.threads.shutdownGracefully()
        self.rooms.logger.notice("stopped")
    }

    /// Runs the acceptor on its thread.
    private func serve() -> EventLoopFuture<Void> {
        let door = FrontDoor(rooms: self.rooms)
        let report = AcceptorReports(rooms: self.rooms)
        let acceptor = self.acceptor
        return self.threads.runIfActive(eventLoop: self.rooms.loops[0].eventLoop) {
            try acceptor.run { arrival, bytes, signal in
                door.decide(arrival, bytes, signal)
            } report: {
                report.write($0)
            }
        }
    }

    private func announce() {
        for listener in self.rooms.listeners.all {
            self.rooms.logger.notice(
                "listening",
                metadata: [
                    "edge.listener": "\(listener.bound)", "edge.fallback": "\(listener.configuration.fallback)",
                ]
            )
        }
        self.isReady.store(true, ordering: .relaxed)
        try? ServiceManager()?.notify(.ready)
        self.rooms.logger.notice("ready")
    }

    private func serveAdmin() async {
        let application = AdminApplication(control: self, logger: self.rooms.logger)
        await withDiscardingTaskGroup { sessions in
            for await visitor in self.adminVisitors {
                sessions.addTask { await application.serve(channel: visitor.channel, peer: visitor.peer) }
            }
            sessions.cancelAll()
        }
    }

    private func reloadOnSignal() async {
        for await signal in await UnixSignalsSequence(trapping: .sighup) where signal == .sighup {
            self.reload()
        }
    }

    /// Reads everything again and swaps it in one step; anything wrong keeps what is in force.
    package func reload() {
        try? ServiceManager()?.notify(.reloading)
        defer { try? ServiceManager()?.notify(.ready) }
        Reload(relay: self, reading: self.reader.read()).apply()
    }
}
