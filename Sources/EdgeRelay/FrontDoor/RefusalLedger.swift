import EdgeConnections
import EdgeMetering
import EdgeSystem
import EdgeTypes
import Synchronization

/// Refusals that the acceptor is still answering: each is in the table of connections until its last byte is counted.
final class RefusalLedger: Sendable {
    private struct Refusal {
        let id: ConnectionID
        let meters: ConnectionMeters
        let reason: CloseReason
    }

    private let connections: ConnectionTable
    /// By descriptor, which is the refusal's own until it is over.
    private let refusals = Mutex<[Int32: Refusal]>([:])

    init(connections: ConnectionTable) {
        self.connections = connections
    }

    /// Notes a refusal that begins.
    ///
    /// - Parameters:
    ///   - arrival: the arrival.
    ///   - listener: the listener that accepted it.
    ///   - facts: what its first bytes told.
    ///   - reason: why it is refused.
    func began(_ arrival: Arrival, _ listener: RelayListener, _ facts: ArrivalFacts, _ reason: CloseReason) {
        let record = ConnectionRecord(
            id: self.connections.nextID(),
            accepted: arrival.accepted,
            acceptedUnixSeconds: UnixClock.seconds,
            peer: arrival.peer,
            listener: listener.name,
            applicationProtocol: facts.applicationProtocol,
            name: facts.name,
            decision: "refuse",
            meters: ConnectionMeters(),
            phase: .arriving
        )
        listener.accepted.add(1, ordering: .relaxed)
        self.connections.insert(record)
        let refusal = Refusal(id: record.id, meters: record.meters, reason: reason)
        self.refusals.withLock { $0[arrival.descriptor] = refusal }
    }

    /// Counts a refusal that is over.
    ///
    /// - Parameters:
    ///   - arrival: the arrival.
    ///   - received: bytes read off, and drained.
    ///   - sent: bytes of the answer that left.
    func ended(_ arrival: Arrival, received: Int, sent: Int) {
        guard let refusal = self.refusals.withLock({ $0.removeValue(forKey: arrival.descriptor) }) else { return }
        refusal.meters.addRawReceived(received)
        refusal.meters.addRawSent(sent)
        refusal.meters.addPayloadReceived(received)
        refusal.meters.addPayloadSent(sent)
        self.connections.remove(refusal.id, refusal.reason)
    }
}
