import EdgeAdmin
import EdgeConnections
import EdgeMetering
import EdgeTypes

/// A relay that shows what a test gives it.
struct StubRelay: RelayControl {
    var isUp = true
    var tunnels: [TunnelStatus] = []
    var names: [NameStatus] = []
    var connections: [ConnectionSnapshot] = []
    var certificates: [CertificateStatus] = []

    /// 2023-11-14 22:13:20 UTC.
    static let started = 1_700_000_000
    /// A minute and a half later.
    static let uptime = 90

    func isReady() async -> Bool { self.isUp }

    func addListener(_ wish: ListenerWish) async -> ListenerAnswer {
        .fault(ListenerFault(.stopping, "a stub opens nothing"))
    }

    func removeListener(_ endpoint: SocketEndpoint, connections: ListenerRemoval) async -> ListenerFault? {
        ListenerFault(.stopping, "a stub closes nothing")
    }

    func status() async -> RelayStatus {
        RelayStatus(
            version: "1.2.3",
            openSSLVersion: "OpenSSL 3.0.17",
            swiftVersion: "6.3.1",
            started: Self.started,
            uptimeSeconds: Self.uptime,
            ready: self.isUp,
            listeners: [ListenerStatus(address: "[::]:443", fallback: "refuse", accepted: 12, open: 3)],
            tunnels: self.tunnels,
            names: self.names,
            connections: self.connections.map { ConnectionStatus($0) },
            certificates: self.certificates,
            totals: TotalsStatus(
                ConnectionTotals(traffic: TrafficTotals(), open: self.connections.count, ended: [.finished: 9])
            )
        )
    }

    static func tunnel(_ number: Int, identity: String? = nil) -> TunnelStatus {
        TunnelStatus(
            id: "t\(number)",
            identity: identity,
            profile: "rvpn",
            peer: "192.0.2.7:4711",
            names: ["a.example.com", "*.b.example.com"],
            streams: 2,
            since: Self.started + 30,
            lastHeard: Self.started + 85,
            raw: MeterReading(received: 1536, sent: 10),
            payload: MeterReading(received: 1024, sent: 1024)
        )
    }

    static func connection(_ number: UInt64, raw: MeterReading = .zero) -> ConnectionSnapshot {
        let meters = ConnectionMeters()
        meters.addRawReceived(Int(raw.received))
        meters.addRawSent(Int(raw.sent))
        return ConnectionSnapshot(
            ConnectionRecord(
                id: ConnectionID(rawValue: number),
                accepted: .now,
                acceptedUnixSeconds: Self.started + 80,
                peer: PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711),
                listener: "[::]:443",
                applicationProtocol: .tls,
                name: Hostname("a.example.com"),
                decision: "pass_through",
                tunnel: TunnelID(rawValue: 7),
                meters: meters,
                phase: .routed
            )
        )
    }
}
