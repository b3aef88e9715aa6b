/// The relay at an instant: what the status page and the API show.
package struct RelayStatus: Sendable, Hashable, Codable {
    /// Entries of each list.
    ///
    /// A relay may hold 100,000 connections, and a page asks once a second: a thousand entries are about 300 KB of JSON
    /// and more than a person reads.
    package static let listLimit = 1000

    /// The relay's version.
    package let version: String
    /// The OpenSSL that it runs on.
    package let openSSLVersion: String
    /// The Swift that it was built with.
    package let swiftVersion: String
    /// When it started, in Unix seconds.
    package let started: Int
    /// Seconds since it started.
    package let uptimeSeconds: Int
    /// Whether it takes connections.
    package let ready: Bool
    /// Its listeners.
    package let listeners: [ListenerStatus]
    /// Tunnels that are registered; ``tunnels`` may list fewer.
    package let tunnelCount: Int
    /// Its tunnels, the newest first.
    package let tunnels: [TunnelStatus]
    /// Names that are served, or were and are remembered; ``names`` may list fewer.
    package let nameCount: Int
    /// Its names, served ones first.
    package let names: [NameStatus]
    /// Connections that are open; ``connections`` may list fewer.
    package let connectionCount: Int
    /// Its connections, the newest first.
    package let connections: [ConnectionStatus]
    /// Its certificates.
    package let certificates: [CertificateStatus]
    /// Sums since it started.
    package let totals: TotalsStatus

    /// Creates a status; lists are cut to ``listLimit``.
    ///
    /// - Parameters:
    ///   - version: the relay's version.
    ///   - openSSLVersion: the OpenSSL that it runs on.
    ///   - swiftVersion: the Swift that it was built with.
    ///   - started: when it started, in Unix seconds.
    ///   - uptimeSeconds: seconds since it started.
    ///   - ready: whether it takes connections.
    ///   - listeners: all listeners.
    ///   - tunnels: all tunnels, the oldest first.
    ///   - names: all names, in alphabetical order.
    ///   - connections: all connections, the oldest first.
    ///   - certificates: all certificates.
    ///   - totals: sums since it started.
    package init(
        version: String,
        openSSLVersion: String,
        swiftVersion: String,
        started: Int,
        uptimeSeconds: Int,
        ready: Bool,
        listeners: [ListenerStatus],
        tunnels: [TunnelStatus],
        names: [NameStatus],
        connections: [ConnectionStatus],
        certificates: [CertificateStatus],
        totals: TotalsStatus
    ) {
        self.version = version
        self.openSSLVersion = openSSLVersion
        self.swiftVersion = swiftVersion
        self.started = started
        self.uptimeSeconds = uptimeSeconds
        self.ready = ready
        self.listeners = Array(listeners.prefix(Self.listLimit))
        self.tunnelCount = tunnels.count
        self.tunnels = tunnels.suffix(Self.listLimit).reversed()
        self.nameCount = names.count
        self.names = Array((names.filter { !$0.away } + names.filter(\.away)).prefix(Self.listLimit))
        self.connectionCount = connections.count
        self.connections = connections.suffix(Self.listLimit).reversed()
        self.certificates = Array(certificates.prefix(Self.listLimit))
        self.totals = totals
    }
}
