import EdgeConnections
import EdgeMetering
import EdgeTypes
import Synchronization
import Testing

/// Remembers how it was closed.
private final class RecordingHandle: ConnectionHandle {
    private let seen = Mutex<[CloseReason]>([])

    var reasons: [CloseReason] { self.seen.withLock { $0 } }

    func close(_ reason: CloseReason) {
        self.seen.withLock { $0.append(reason) }
    }
}

@Suite
struct ConnectionTableTests {
    private func peer(_ text: String) -> PeerAddress {
        PeerAddress(address: NetworkAddress(text), port: 4711)
    }

    private func record(
        in table: ConnectionTable,
        from peer: PeerAddress = .local,
        name: String? = nil,
        tunnel: UInt64? = nil,
        phase: ConnectionRecord.Phase = .routed,
        handle: (any ConnectionHandle)? = nil
    ) -> ConnectionRecord {
        ConnectionRecord(
            id: table.nextID(),
            accepted: .now,
            acceptedUnixSeconds: 1_700_000_000,
            peer: peer,
            listener: "[::]:443",
            applicationProtocol: .tls,
            name: name.flatMap { Hostname($0) },
            decision: "pass_through",
            tunnel: tunnel.map { TunnelID(rawValue: $0) },
            meters: ConnectionMeters(),
            phase: phase,
            handle: handle
        )
    }

    @Test
    func identitiesAreNeverGivenTwice() {
        let table = ConnectionTable()
        #expect((1...3).map { _ in table.nextID().rawValue } == [1, 2, 3])
    }

    @Test
    func aSnapshotHoldsOpenConnectionsInOrderWithTheirReadings() {
        let table = ConnectionTable()
        let first = self.record(in: table, name: "a.test", tunnel: 7)
        let second = self.record(in: table)
        table.insert(second)
        table.insert(first)
        first.meters.addRawReceived(10)
        first.meters.addPayloadSent(4)
        let snapshot = table.snapshot()
        #expect(snapshot.map(\.id) == [first.id, second.id])
        #expect(snapshot.first?.raw == MeterReading(received: 10, sent: 0))
        #expect(snapshot.first?.payload == MeterReading(received: 0, sent: 4))
        #expect(snapshot.first?.name == Hostname("a.test"))
        #expect(snapshot.first?.tunnel == TunnelID(rawValue: 7))
        #expect(table.count == 2)
    }

    @Test
    func anUpdateChangesTheRecordAndTellsWhetherItIsThere() {
        let table = ConnectionTable()
        let record = self.record(in: table, phase: .arriving)
        table.insert(record)
        let changed = table.update(record.id) { $0.upstream = "192.0.2.7:443" }
        #expect(changed)
        let moved = table.setPhase(record.id, .keptAlive)
        #expect(moved)
        #expect(table.snapshot().first?.upstream == "192.0.2.7:443")
        #expect(table.snapshot().first?.phase == .keptAlive)
        table.remove(record.id, .finished)
        let late = table.update(record.id) { $0.upstream = "nowhere" }
        #expect(!late)
        #expect(table.snapshot().isEmpty)
    }

    @Test
    func whatAnEndedConnectionMovedStaysInTheSums() throws {
        let table = ConnectionTable()
        let name = try #require(Hostname("a.test"))
        let ended = self.record(in: table, name: "a.test", tunnel: 7)
        let open = self.record(in: table, name: "a.test", tunnel: 7)
        table.insert(ended)
        table.insert(open)
        ended.meters.addRawReceived(100)
        open.meters.addRawReceived(11)
        let before = table.totals()
        let last = table.remove(ended.id, .downstreamClosed)
        #expect(last?.raw.received == 100)
        let again = table.remove(ended.id, .downstreamClosed)
        #expect(again == nil)
        let after = table.totals()
        #expect(before.traffic.visitors == after.traffic.visitors)
        #expect(after.traffic.byName[name]?.raw.received == 111)
        #expect(after.traffic.byTunnel[TunnelID(rawValue: 7)]?.connections == 2)
        #expect(after.open == 1)
        #expect(after.ended == [.downstreamClosed: 1])
    }

    @Test
    func aTunnelsOwnBytesAreNoVisitors() {
        let table = ConnectionTable()
        let tunnel = self.record(in: table, tunnel: 1, phase: .tunnel)
        table.insert(tunnel)
        tunnel.meters.addRawSent(9)
        #expect(table.totals().traffic.tunnels.raw.sent == 9)
        table.remove(tunnel.id, .pingTimeout)
        #expect(table.totals().traffic.tunnels.raw.sent == 9)
        #expect(table.totals().traffic.visitors == .zero)
    }

    @Test
    func theLimitInAllCountsEverybody() {
        let table = ConnectionTable(limits: ConnectionLimits(connections: 2, connectionsPerAddress: 10))
        let first = self.record(in: table)
        table.insert(first)
        #expect(table.admit(self.peer("192.0.2.1")))
        table.insert(self.record(in: table, from: self.peer("192.0.2.1")))
        #expect(!table.admit(self.peer("192.0.2.2")))
        table.remove(first.id, .finished)
        #expect(table.admit(self.peer("192.0.2.2")))
        table.setLimits(ConnectionLimits(connections: 1, connectionsPerAddress: 10))
        #expect(!table.admit(self.peer("192.0.2.2")))
    }

    @Test
    func theLimitOfAnAddressIsItsOwn() {
        let table = ConnectionTable(limits: ConnectionLimits(connections: 100, connectionsPerAddress: 2))
        let crowded = self.peer("192.0.2.1")
        let records = (0..<2).map { _ in self.record(in: table, from: crowded) }
        for record in records {
            #expect(table.admit(crowded))
            table.insert(record)
        }
        #expect(!table.admit(crowded))
        #expect(table.count(from: crowded) == 2)
        #expect(table.admit(self.peer("192.0.2.2")))
        for record in records { table.remove(record.id, .finished) }
        #expect(table.admit(crowded))
        #expect(table.count(from: crowded) == 0)
    }

    @Test
    func addressesOfOneSixtyFourCountTogetherAndUnixSocketsNotAtAll() {
        let table = ConnectionTable(limits: ConnectionLimits(connections: 100, connectionsPerAddress: 1))
        table.insert(self.record(in: table, from: self.peer("2001:db8:0:1::1")))
        #expect(!table.admit(self.peer("2001:db8:0:1:ffff::2")))
        #expect(table.admit(self.peer("2001:db8:0:2::1")))
        for _ in 0..<3 {
            table.insert(self.record(in: table, from: .local))
        }
        #expect(table.admit(.local))
    }

    @Test
    func insertingTwiceCountsOnce() {
        let table = ConnectionTable(limits: ConnectionLimits(connections: 100, connectionsPerAddress: 1))
        let peer = self.peer("192.0.2.1")
        let record = self.record(in: table, from: peer)
        table.insert(record)
        table.insert(record)
        #expect(table.count(from: peer) == 1)
        table.remove(record.id, .finished)
        #expect(table.count(from: peer) == 0)
    }

    @Test
    func closingReachesTheHandleAndLeavesTheRecord() {
        let table = ConnectionTable()
        let handle = RecordingHandle()
        let record = self.record(in: table)
        table.insert(record)
        let early = table.close(record.id, .idle)
        #expect(!early)
        let known = table.setHandle(record.id, handle)
        #expect(known)
        let closed = table.close(record.id, .idle)
        #expect(closed)
        #expect(handle.reasons == [.idle])
        #expect(table.count == 1)
        table.closeAll(.shutdown)
        #expect(handle.reasons == [.idle, .shutdown])
        table.remove(record.id, .idle)
        let late = table.setHandle(record.id, handle)
        #expect(!late)
        let gone = table.close(record.id, .idle)
        #expect(!gone)
    }

    @Test
    func manyThreadsLeaveTheCountsRight() async {
        let table = ConnectionTable()
        let peer = self.peer("192.0.2.1")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        let record = self.record(in: table, from: peer)
                        table.insert(record)
                        table.remove(record.id, .finished)
                    }
                }
            }
        }
        #expect(table.count == 0)
        #expect(table.count(from: peer) == 0)
        #expect(table.totals().ended == [.finished: 1600])
        #expect(table.nextID().rawValue == 1601)
    }
}
