package import EdgeTypes

/// What an operator says about the names that a pattern applies to.
package struct Route: Sendable, Hashable {
    /// The names that it is about.
    package var pattern: HostnamePattern
    /// What becomes of TLS.
    package var tls: TLSTreatment
    /// What becomes of HTTP in the clear.
    package var http: HTTPTreatment
    /// How one of several tunnels is chosen.
    package var balance: SelectionPolicy
    /// A fixed address that serves the names, or nil where tunnels do.
    package var upstream: SocketEndpoint?

    /// Creates a route; what is left out is as for names without a route.
    ///
    /// - Parameters:
    ///   - pattern: the names that it is about.
    ///   - tls: what becomes of TLS.
    ///   - http: what becomes of HTTP in the clear.
    ///   - balance: how one of several tunnels is chosen.
    ///   - upstream: a fixed address that serves the names.
    package init(
        pattern: HostnamePattern,
        tls: TLSTreatment = .passThrough,
        http: HTTPTreatment = .forward,
        balance: SelectionPolicy = .roundRobin,
        upstream: SocketEndpoint? = nil
    ) {
        self.pattern = pattern
        self.tls = tls
        self.http = http
        self.balance = balance
        self.upstream = upstream
    }
}
