import EdgeConfiguration
import EdgeConnections
import EdgeMetering
import EdgeSystem
import EdgeTypes
import Logging
import UnixSignals

extension Relay {
    /// How often a relay that drains looks at what is still open.
    private static let look = Duration.milliseconds(50)
    /// How long clients are asked to wait before they dial again.
    private static let retry = Duration.seconds(1)
    /// How long connections have to close when they were told to.
    private static let closing = Duration.seconds(1)

    /// Lets what is open finish: tunnels are told, streams that move are waited for until `timeouts.drain` is over.
    func drain() async {
        try? ServiceManager()?.notify(.stopping)
        // From here on a second signal is heard, and then it is said that the relay drains.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let timeouts = self.rooms.plan.current.configuration.timeouts
        self.rooms.logger.notice("draining", metadata: ["edge.connections": "\(self.rooms.connections.count)"])
        for tunnel in self.rooms.tunnels.tunnels() { tunnel.member.drain(retry: Self.retry) }
        let deadline = ContinuousClock.now.advanced(by: timeouts.drain)
        if await Self.isHurried(
            by: signals,
            while: { await self.waitForStreams(until: deadline, idle: timeouts.drainIdle) }
        ) {
            self.rooms.logger.notice(
                "stopping at once",
                metadata: ["edge.connections": "\(self.rooms.connections.count)"]
            )
        }
        for tunnel in self.rooms.tunnels.tunnels() { tunnel.member.close(.shutdown) }
        self.rooms.connections.closeAll(.shutdown)
        let end = ContinuousClock.now.advanced(by: Self.closing)
        while self.rooms.connections.count > 0, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: Self.look)
        }
    }

    /// Whether the signal to stop came once more; then what runs is given up.
    private static func isHurried(
        by signals: UnixSignalsSequence,
        while running: @escaping @Sendable () async -> Void
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                await running()
                return false
            }
            tasks.addTask {
                for await _ in signals { return true }
                return false
            }
            let isHurried = await tasks.next() ?? false
            tasks.cancelAll()
            return isHurried
        }
    }

    private func waitForStreams(until deadline: ContinuousClock.Instant, idle: Duration) async {
        var movements: [ConnectionID: Movement] = [:]
        while ContinuousClock.now < deadline, !Task.isCancelled {
            let now = ContinuousClock.now
            var isAwaited = false
            for connection in self.rooms.connections.snapshot() where connection.phase == .routed {
                let movement = Movement(connection.raw, after: movements[connection.id], at: now)
                movements[connection.id] = movement
                isAwaited = isAwaited || movement.asks || movement.at.duration(to: now) < idle
            }
            guard isAwaited else { return }
            try? await Task.sleep(for: Self.look)
        }
    }

    /// When a stream last moved something, and whether that was its visitor, who waits for an answer then.
    private struct Movement {
        let reading: MeterReading
        let at: ContinuousClock.Instant
        let asks: Bool

        init(_ reading: MeterReading, after last: Movement?, at now: ContinuousClock.Instant) {
            self.reading = reading
            guard let last else {
                self.at = now
                self.asks = reading.sent == 0 && reading.received > 0
                return
            }
            self.at = last.reading == reading ? last.at : now
            self.asks =
                reading.sent == last.reading.sent && (last.asks || reading.received != last.reading.received)
        }
    }
}
