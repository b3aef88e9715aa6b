import EdgeMetering
import EdgeTypes

/// What the table holds under its lock: records, how many there are from each address, and what has ended.
struct ConnectionLedger: Sendable {
    private(set) var limits: ConnectionLimits
    private(set) var records: [ConnectionID: ConnectionRecord] = [:]
    private(set) var ended: [CloseReason: UInt64] = [:]
    private(set) var traffic = TrafficTotals()
    private var perAddress: [NetworkAddress: Int] = [:]
    private var peak = 0

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    mutating func setLimits(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    func admits(_ peer: PeerAddress) -> Bool {
        guard self.records.count < self.limits.connections else { return false }
        return self.count(from: peer) < self.limits.connectionsPerAddress
    }

    func count(from peer: PeerAddress) -> Int {
        guard let key = Self.key(peer) else { return 0 }
        return self.perAddress[key] ?? 0
    }

    mutating func insert(_ record: ConnectionRecord) {
        guard self.records.updateValue(record, forKey: record.id) == nil else { return }
        self.peak = max(self.peak, self.records.count)
        if let key = Self.key(record.peer) {
            self.perAddress[key, default: 0] += 1
        }
    }

    mutating func takePeak() -> Int {
        let peak = self.peak
        self.peak = self.records.count
        return peak
    }

    mutating func update(_ id: ConnectionID, _ change: (inout ConnectionRecord) -> Void) -> Bool {
        guard let index = self.records.index(forKey: id) else { return false }
        change(&self.records.values[index])
        return true
    }

    mutating func remove(_ id: ConnectionID, _ reason: CloseReason) -> ConnectionRecord? {
        guard let record = self.records.removeValue(forKey: id) else { return nil }
        if let key = Self.key(record.peer), let count = self.perAddress[key] {
            self.perAddress[key] = count > 1 ? count - 1 : nil
        }
        self.ended[reason, default: 0] += 1
        Self.add(record, to: &self.traffic)
        return record
    }

    /// The ended connections' sums with the open ones' readings on top.
    var trafficNow: TrafficTotals {
        var totals = self.traffic
        for record in self.records.values {
            Self.add(record, to: &totals)
        }
        return totals
    }

    private static func add(_ record: ConnectionRecord, to totals: inout TrafficTotals) {
        let traffic = Traffic(of: record.meters)
        switch record.phase {
        case .tunnel:
            totals.addTunnel(traffic, listener: record.listener)
        case .arriving, .routed, .keptAlive:
            totals.addVisitor(traffic, name: record.name, tunnel: record.tunnel, listener: record.listener)
        }
    }

    /// What stands for a peer when connections are counted; nobody's for a Unix socket, behind which everybody may be.
    private static func key(_ peer: PeerAddress) -> NetworkAddress? {
        guard let address = peer.address else { return nil }
        return address.isIPv4 ? address : NetworkAddress(high: address.high, low: 0)
    }
}
