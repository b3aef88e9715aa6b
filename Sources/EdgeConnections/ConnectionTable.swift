package import EdgeTypes
import Synchronization

/// Records of open connections by id, and the sums of those that have ended.
///
/// Any thread may ask. What calls outward, a connection's handle, is called after the lock is given back.
package final class ConnectionTable: Sendable {
    private let ledger: Mutex<ConnectionLedger>
    private let lastID = Atomic<UInt64>(0)

    /// Creates an empty table.
    ///
    /// - Parameter limits: how many connections may be open.
    package init(limits: ConnectionLimits = ConnectionLimits()) {
        self.ledger = Mutex(ConnectionLedger(limits: limits))
    }

    /// A new identity, counted from 1.
    ///
    /// - Returns: an identity that was never given before.
    package func nextID() -> ConnectionID {
        ConnectionID(rawValue: self.lastID.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Replaces the limits; connections above them stay.
    ///
    /// - Parameter limits: how many connections may be open.
    package func setLimits(_ limits: ConnectionLimits) {
        self.ledger.withLock { $0.setLimits(limits) }
    }

    /// Whether one more connection may come; it is counted by ``insert(_:)``.
    ///
    /// - Parameter peer: who arrived; over a Unix domain socket only the limit in all counts.
    /// - Returns: false where a limit is reached.
    package func admit(_ peer: PeerAddress) -> Bool {
        self.ledger.withLock { $0.admits(peer) }
    }

    /// Adds a connection, whatever the limits.
    ///
    /// - Parameter record: what is known of it.
    package func insert(_ record: ConnectionRecord) {
        self.ledger.withLock { $0.insert(record) }
    }

    /// Changes what is known of a connection.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - change: changes the record; runs under the lock, so it must not call back.
    /// - Returns: false where the connection is gone.
    @discardableResult
    package func update(_ id: ConnectionID, _ change: (inout ConnectionRecord) -> Void) -> Bool {
        self.ledger.withLock { $0.update(id, change) }
    }

    /// Says how to close a connection.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - handle: closes it.
    /// - Returns: false where the connection is gone.
    @discardableResult
    package func setHandle(_ id: ConnectionID, _ handle: any ConnectionHandle) -> Bool {
        self.update(id) { $0.handle = handle }
    }

    /// Says where a connection stands.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - phase: where it stands.
    /// - Returns: false where the connection is gone.
    @discardableResult
    package func setPhase(_ id: ConnectionID, _ phase: ConnectionRecord.Phase) -> Bool {
        self.update(id) { $0.phase = phase }
    }

    /// Takes an ended connection out and adds what it moved to the sums; doing it twice changes nothing.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - reason: how it ended.
    /// - Returns: the connection at its end, or nil where it was gone already.
    @discardableResult
    package func remove(_ id: ConnectionID, _ reason: CloseReason) -> ConnectionSnapshot? {
        self.ledger.withLock { $0.remove(id, reason) }.map { ConnectionSnapshot($0) }
    }

    /// Closes a connection; it leaves the table when it has ended.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - reason: why.
    /// - Returns: false where it is gone, or has no channel yet.
    @discardableResult
    package func close(_ id: ConnectionID, _ reason: CloseReason) -> Bool {
        guard let handle = self.ledger.withLock({ $0.records[id]?.handle }) else { return false }
        handle.close(reason)
        return true
    }

    /// Closes every connection that a listener accepted and that has a channel.
    ///
    /// - Parameters:
    ///   - listener: the listener, as records name it.
    ///   - reason: why.
    package func close(listener: String, _ reason: CloseReason) {
        let handles = self.ledger.withLock { $0.records.values.filter { $0.listener == listener }.compactMap(\.handle) }
        for handle in handles {
            handle.close(reason)
        }
    }

    /// Closes every connection that has a channel.
    ///
    /// - Parameter reason: why.
    package func closeAll(_ reason: CloseReason) {
        let handles = self.ledger.withLock { $0.records.values.compactMap(\.handle) }
        for handle in handles {
            handle.close(reason)
        }
    }

    /// How many connections are open.
    package var count: Int {
        self.ledger.withLock { $0.records.count }
    }

    /// The most connections that were open since the last call.
    ///
    /// - Returns: at least as many as are open now.
    package func takePeak() -> Int {
        self.ledger.withLock { $0.takePeak() }
    }

    /// How many connections are open from where a peer comes from.
    ///
    /// - Parameter peer: the peer.
    /// - Returns: connections of its address, or of its /64; zero for a Unix domain socket.
    package func count(from peer: PeerAddress) -> Int {
        self.ledger.withLock { $0.count(from: peer) }
    }

    /// Every open connection with what its meters read now, the oldest first.
    ///
    /// - Returns: the connections.
    package func snapshot() -> [ConnectionSnapshot] {
        let records = self.ledger.withLock { $0.records }
        return records.values.map { ConnectionSnapshot($0) }.sorted { $0.id < $1.id }
    }

    /// Sums over every connection that was ever open.
    ///
    /// - Returns: the sums; they never go down from one call to the next.
    package func totals() -> ConnectionTotals {
        let ledger = self.ledger.withLock { $0 }
        return ConnectionTotals(traffic: ledger.trafficNow, open: ledger.records.count, ended: ledger.ended)
    }
}
