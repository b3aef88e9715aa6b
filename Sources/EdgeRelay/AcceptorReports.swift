import EdgeSystem
import EdgeTypes
import Logging

/// Writes what the acceptor reports, each with its reason.
struct AcceptorReports: Sendable {
    let rooms: RelayRooms

    /// Writes one report.
    ///
    /// - Parameter report: what happened.
    func write(_ report: AcceptorReport) {
        let logger = self.rooms.logger
        switch report {
        case .refused(let arrival, let received, let sent):
            self.rooms.refusals.ended(arrival, received: received, sent: sent)
            logger.debug(
                "refusal answered",
                metadata: ["edge.peer": "\(arrival.peer)", "edge.received": "\(received)", "edge.sent": "\(sent)"]
            )
        case .reset(let arrival):
            self.write(arrival, .downstreamReset)
        case .turnedAway(let arrival, _):
            self.write(arrival, .limit)
        case .stopped(let arrival):
            self.write(arrival, .shutdown)
        case .unwatched(let arrival, let error):
            logger.error("arrival not watched", metadata: ["edge.peer": "\(arrival.peer)", "error": "\(error)"])
        case .paused(let error):
            logger.error("accepting paused", metadata: ["error": "\(error)"])
        case .resumed(let duration):
            logger.notice("accepting again", metadata: ["edge.after": "\(duration)"])
        case .listenerFailed(let id, let error):
            let bound = self.rooms.listeners.listener(id)?.bound.description ?? "-"
            self.rooms.listeners.failed(id)
            logger.error("listener failed", metadata: ["edge.listener": "\(bound)", "error": "\(error)"])
        }
    }

    private func write(_ arrival: Arrival, _ reason: CloseReason) {
        self.rooms.logger.info(
            "connection closed before it was routed",
            metadata: ["edge.peer": "\(arrival.peer)", "reason": "\(reason.rawValue)"]
        )
    }
}
