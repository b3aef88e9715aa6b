import EdgeConfiguration
import EdgeConnections
import EdgeSystem
import EdgeTypes
import Logging

/// Closes what has been open or idle too long, as the reaper's machine says, and gives back what a crowd needed.
struct ConnectionReaper: Sendable {
    let rooms: RelayRooms

    /// Looks and waits in turn until it is cancelled.
    func run() async {
        var machine = ReaperStateMachine(settings: self.settings)
        var crowd = CrowdStateMachine()
        while !Task.isCancelled {
            machine.settings = self.settings
            let tick = machine.tick(self.rooms.connections.snapshot(), at: .now)
            let connections = self.rooms.connections
            if crowd.counted(connections.count, peak: connections.takePeak()) { Heap.giveBack() }
            // One without a handle is not routed yet, and has a deadline of its own.
            for id in tick.close where connections.close(id, .idle) {
                self.rooms.logger.info("connection reaped", metadata: ["edge.connection": "\(id)", "reason": "idle"])
            }
            do { try await Task.sleep(for: tick.next) } catch { return }
        }
    }

    private var settings: ReaperSettings {
        let timeouts = self.rooms.plan.current.configuration.timeouts
        return ReaperSettings(idle: timeouts.idle, streamIdle: timeouts.streamIdle)
    }
}
