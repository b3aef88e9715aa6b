package import EdgeAdmin
import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeMetering
import EdgeRouting
import EdgeTLS
import EdgeTunnel
import EdgeTypes
import Synchronization

extension Relay: RelayControl {
    /// Whether the relay serves: its listeners are open and it does not drain.
    ///
    /// - Returns: true when it does.
    package func isReady() async -> Bool { self.isReady.load(ordering: .relaxed) }

    /// What the relay is and does at this moment.
    ///
    /// - Returns: a snapshot.
    package func status() async -> RelayStatus {
        let connections = self.rooms.connections.snapshot()
        let now = UnixClock.seconds
        let open = Dictionary(grouping: connections, by: \.listener).mapValues(\.count)
        let names = self.rooms.tunnels.names()
        let tunnels = self.rooms.tunnels.tunnels()
        return RelayStatus(
            version: Product.version,
            openSSLVersion: TLSLibrary.version,
            swiftVersion: Self.swiftVersion,
            started: self.startedUnixSeconds,
            uptimeSeconds: now - self.startedUnixSeconds,
            ready: self.isReady.load(ordering: .relaxed),
            listeners: self.rooms.listeners.all.map { listener in
                ListenerStatus(
                    address: listener.name,
                    fallback: listener.leasedPort == nil ? listener.configuration.fallback.description : "lease",
                    accepted: listener.accepted.load(ordering: .relaxed),
                    open: open[listener.name] ?? 0
                )
            },
            tunnels: tunnels.map { Self.status($0) },
            names: names.map { NameStatus($0) },
            connections: connections.map { ConnectionStatus($0) },
            certificates: self.certificates,
            totals: TotalsStatus(self.rooms.connections.totals())
        )
    }

    private static func status(_ tunnel: TunnelSnapshot<TunnelMember>) -> TunnelStatus {
        TunnelStatus(
            id: tunnel.id.description,
            identity: tunnel.identity,
            profile: tunnel.member.profile.rawValue,
            peer: tunnel.member.peer.description,
            names: tunnel.patterns.map(\.description).sorted(),
            ports: tunnel.ports.map(Int.init),
            streams: tunnel.member.openStreams,
            since: tunnel.since,
            lastHeard: tunnel.since + tunnel.member.pulse.secondsHeard,
            raw: tunnel.member.meters.raw,
            payload: tunnel.member.meters.payload
        )
    }

    private var certificates: [CertificateStatus] {
        let plan = self.rooms.plan.current
        let stores = [plan.certificates] + plan.listenerCertificates.values
        var shown: [CertificateStatus] = []
        for entry in stores.flatMap(\.entries) {
            let status = CertificateStatus(
                names: entry.names,
                notAfter: entry.notAfter,
                key: entry.keyKind
            )
            if !shown.contains(status) { shown.append(status) }
        }
        return shown
    }

    #if swift(>=6.3)
    private static let swiftVersion = "6.3"
    #else
    private static let swiftVersion = "6.2"
    #endif
}
