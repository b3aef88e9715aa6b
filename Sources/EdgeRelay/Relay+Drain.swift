import EdgeConfiguration
import EdgeConnections
import EdgeMetering
import EdgeSystem
import EdgeTypes
import Logging

extension Relay {
    /// How often a relay that drains looks at what is still open.
    private static let look = Duration.milliseconds(50)
    /// How long clients are asked to wait before they dial again.
    private static let retry = Duration.seconds(1)
    /// A connection that moved nothing for this long is not waited for.
    private static let quiet = Duration.seconds(1)

    /// Lets what is open finish: tunnels are told, streams that move are waited for until `timeouts.drain` is over.
    func drain() async {
        try? ServiceManager()?.notify(.stopping)
        let limit = self.rooms.plan.current.configuration.timeouts.drain
        self.rooms.logger.notice("draining", metadata: ["edge.connections": "\(self.rooms.connections.count)"])
        for tunnel in self.rooms.tunnels.tunnels() { tunnel.member.drain(retry: Self.retry) }
        await self.waitForStreams(until: ContinuousClock.now.advanced(by: limit))
        for tunnel in self.rooms.tunnels.tunnels() { tunnel.member.close(.shutdown) }
        self.rooms.connections.closeAll(.shutdown)
        let end = ContinuousClock.now.advanced(by: Self.quiet)
        while self.rooms.connections.count > 0, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: Self.look)
        }
    }

    private func waitForStreams(until deadline: ContinuousClock.Instant) async {
        var moved: [ConnectionID: (bytes: UInt64, at: ContinuousClock.Instant)] = [:]
        while ContinuousClock.now < deadline, !Task.isCancelled {
            let now = ContinuousClock.now
            var isMoving = false
            for connection in self.rooms.connections.snapshot() where connection.phase == .routed {
                let bytes = connection.raw.total
                if let last = moved[connection.id], last.bytes == bytes {
                    isMoving = isMoving || last.at.duration(to: now) < Self.quiet
                } else {
                    moved[connection.id] = (bytes, now)
                    isMoving = true
                }
            }
            guard isMoving else { return }
            try? await Task.sleep(for: Self.look)
        }
    }
}
