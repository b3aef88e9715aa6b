package import EdgeRouting
package import EdgeTypes

/// Everything that an operator may say to a relay, checked, with every default filled in.
///
/// A value: a reload makes a new one and compares the two (``ConfigurationChange``).
package struct Configuration: Sendable, Hashable {
    /// `admin_host`: the name of the admin site.
    package var adminHost: Hostname
    /// `tunnel_host`: the names where clients connect their tunnels; at least one.
    package var tunnelHosts: [Hostname]
    /// `listeners`: where visitors and clients arrive; at least one.
    package var listeners: [ListenerConfiguration]
    /// `certificates`: what is served on listeners without a set of their own.
    package var certificates: CertificateConfiguration
    /// `secrets`: who may sign tokens.
    package var secrets: [SecretConfiguration]
    /// `routes`: what becomes of names; at most one a pattern.
    package var routes: [Route]
    /// `timeouts`: how long the relay waits.
    package var timeouts: Timeouts
    /// `limits`: how much the relay holds.
    package var limits: Limits
    /// `insecure_tunnel`: whether a WebSocket without TLS may become a tunnel; no by default.
    package var insecureTunnel: Bool
    /// `state`: the one folder that is written to, or nil where nothing is kept.
    package var state: String?
    /// `loops`: how many event loops there are; 0, the default, is one a core.
    package var loops: Int
    /// `ports`: what public ports tokens may be given.
    package var ports: PortConfiguration
    /// `user`: who to become once the sockets are bound, or nil to stay who we are.
    package var user: String?
    /// `log`: what is logged, and how.
    package var log: LogConfiguration
    /// What is allowed and probably not meant, with the place where it is written.
    package var warnings: [ConfigurationError]
    /// Lines for the start: what each key of an ancestor's file became, without the secrets.
    package var notes: [String]

    /// Creates a configuration; what is left out has its default.
    ///
    /// - Parameters:
    ///   - adminHost: the name of the admin site.
    ///   - tunnelHosts: the names where clients connect their tunnels.
    ///   - listeners: where visitors and clients arrive.
    ///   - certificates: what is served on listeners without a set of their own.
    ///   - secrets: who may sign tokens.
    ///   - routes: what becomes of names.
    ///   - timeouts: how long the relay waits.
    ///   - limits: how much the relay holds.
    ///   - insecureTunnel: whether a WebSocket without TLS may become a tunnel.
    ///   - state: the one folder that is written to.
    ///   - loops: how many event loops there are; 0 is one a core.
    ///   - ports: what public ports tokens may be given.
    ///   - user: who to become once the sockets are bound.
    ///   - log: what is logged, and how.
    ///   - warnings: what is allowed and probably not meant.
    ///   - notes: lines for the start.
    package init(
        adminHost: Hostname,
        tunnelHosts: [Hostname],
        listeners: [ListenerConfiguration],
        certificates: CertificateConfiguration = CertificateConfiguration(),
        secrets: [SecretConfiguration] = [],
        routes: [Route] = [],
        timeouts: Timeouts = Timeouts(),
        limits: Limits = Limits(),
        insecureTunnel: Bool = false,
        state: String? = nil,
        loops: Int = 0,
        ports: PortConfiguration = PortConfiguration(),
        user: String? = nil,
        log: LogConfiguration = LogConfiguration(),
        warnings: [ConfigurationError] = [],
        notes: [String] = []
    ) {
        self.adminHost = adminHost
        self.tunnelHosts = tunnelHosts
        self.listeners = listeners
        self.certificates = certificates
        self.secrets = secrets
        self.routes = routes
        self.timeouts = timeouts
        self.limits = limits
        self.insecureTunnel = insecureTunnel
        self.state = state
        self.loops = loops
        self.ports = ports
        self.user = user
        self.log = log
        self.warnings = warnings
        self.notes = notes
    }
}
