import EdgeChannels
import FoundationEssentials
import Logging
import NIOCore

/// Does what the client's machine says: dials, waits, and ends tunnels.
struct AgentDriver {
    private let plan: AgentPlan
    private let logger: Logger
    private let loop: any EventLoop
    private let dialer: RelayDialer
    private let buffers = LoopBuffers()
    private let events: AsyncStream<AgentEvent>
    private let tell: AsyncStream<AgentEvent>.Continuation
    private var machine: AgentStateMachine
    private var backoff = ReconnectBackoff()
    private var attempts: [Int: RelayAttempt] = [:]

    init(plan: AgentPlan, logger: Logger, announce: @escaping @Sendable (String) -> Void, on loop: any EventLoop) {
        self.plan = plan
        self.logger = logger
        self.loop = loop
        self.dialer = RelayDialer(
            plan: plan,
            instance: UUID().uuidString.lowercased(),
            logger: logger,
            announcer: Announcer(announce)
        )
        self.machine = AgentStateMachine(once: plan.runsOnce)
        (self.events, self.tell) = AsyncStream.makeStream()
    }

    /// Serves until the task is cancelled or the relay refuses for good; then nothing is left.
    ///
    /// - Throws: ``AgentFailure``.
    mutating func run() async throws {
        do {
            try await self.serve()
        } catch {
            await self.endAll()
            throw error
        }
        await self.endAll()
    }

    private mutating func serve() async throws(AgentFailure) {
        try self.dial(AgentStateMachine.firstAttempt)
        for await event in self.events {
            switch event {
            case .waited(let wait):
                if case .dial(let attempt) = self.machine.waited(wait) { try self.dial(attempt) }
            case .attempt(let attempt, .connected):
                if self.machine.connected(attempt) == .serve { self.log(.notice, "connected") }
            case .attempt(let attempt, .goingAway(let hint)):
                self.goingAway(attempt, hint)
            case .attempt(let attempt, .ended(let end)):
                self.attempts[attempt] = nil
                if try self.ended(attempt, end) { return }
            }
        }
    }

    private mutating func dial(_ attempt: Int) throws(AgentFailure) {
        self.log(.info, "dialing")
        let token = try self.plan.token(at: Int(Date.now.timeIntervalSince1970))
        let tell = self.tell
        self.attempts[attempt] = self.dialer.dial(on: self.loop, buffers: self.buffers, token: token) { news in
            tell.yield(.attempt(attempt, news))
        }
    }

    private mutating func goingAway(_ attempt: Int, _ hint: Duration?) {
        switch self.machine.goingAway(attempt) {
        case .move(let wait, let ending):
            if let ending { self.attempts[ending]?.end() }
            self.backoff.reset()
            let length = ReconnectBackoff.spread(over: hint, chance: Double.random(in: 0..<1))
            self.wait(wait, length)
            self.log(.notice, "the relay goes away; its tunnel serves what is open", for: length)
        case .ignore:
            break
        }
    }

    /// - Returns: whether the client is done.
    private mutating func ended(_ attempt: Int, _ end: AttemptNews.End) throws(AgentFailure) -> Bool {
        switch self.machine.disconnected(attempt, isRefusal: end.isRefusal) {
        case .stop(.refused):
            throw AgentFailure(.refused, end.text)
        case .stop(.unavailable):
            throw AgentFailure(.unavailable, end.text)
        case .stop(.done):
            return true
        case .backOff(let wait, let begunAnew):
            if begunAnew { self.backoff.reset() }
            let length = self.backoff.next(chance: Double.random(in: 0..<1), hint: end.hint)
            self.wait(wait, length)
            self.log(.warning, "disconnected", for: length, ["error": "\(end.text)"])
        case .beginAnew:
            self.backoff.reset()
            self.log(.info, "the old tunnel is over", ["error": "\(end.text)"])
        case .drained:
            self.log(.info, "the old tunnel is over", ["error": "\(end.text)"])
        case .ignore:
            break
        }
        return false
    }

    private func wait(_ wait: Int, _ length: Duration) {
        let tell = self.tell
        self.loop.scheduleTask(in: TimeAmount(length)) { _ = tell.yield(.waited(wait)) }
    }

    private mutating func endAll() async {
        for attempt in self.attempts.values { attempt.end() }
        for attempt in self.attempts.values { _ = try? await attempt.ended.get() }
        self.attempts = [:]
    }

    /// Says what happened and where the client stands: `connecting`, `up`, `moving`, or `backing_off` until when.
    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        for wait: Duration? = nil,
        _ more: Logger.Metadata = [:]
    ) {
        var metadata = more
        metadata["edge.relay"] = "\(self.plan.relay)"
        metadata["edge.state"] = "\(self.machine.phase.rawValue)"
        if let wait {
            let (seconds, attoseconds) = wait.components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            metadata["edge.retry"] = "\(milliseconds)ms"
            metadata["edge.until"] = "\(Date.now.addingTimeInterval(Double(milliseconds) / 1000).ISO8601Format())"
        }
        self.logger.log(level: level, message, metadata: metadata)
    }
}
