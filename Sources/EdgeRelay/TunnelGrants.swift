import EdgeRouting
import EdgeTLS
import EdgeTunnel
import EdgeTypes

/// What a tunnel's names are served as: what our own client shows its user.
struct TunnelGrants {
    /// The routes in force.
    let routes: RouteTable
    /// The certificates of the listener that visitors use.
    let certificates: CertificateStore
    /// The port of https, and of http.
    let ports: (secure: UInt16, plain: UInt16)

    /// Lists what visitors may ask for.
    ///
    /// - Parameter patterns: the names of the tunnel.
    /// - Returns: `https` where TLS passes through, `http+https` where it ends here and goes down as `http`, and `http`
    ///   where requests in the clear are forwarded.
    func all(_ patterns: some Sequence<HostnamePattern>) -> [ControlGrant] {
        Set(patterns).map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.flatMap { self.grants($0.1) }
    }

    private func grants(_ pattern: HostnamePattern) -> [ControlGrant] {
        let name = Self.example(pattern)
        let route = name.map { self.routes.route(for: $0) } ?? Route(pattern: pattern)
        let ends = route.tls == .terminate && (name.map { self.certificates.covers($0) } ?? false)
        let text = pattern.description
        var grants = [ControlGrant(service: ends ? "http+https" : "https", name: text, port: self.ports.secure)]
        if route.http == .forward { grants.append(ControlGrant(service: "http", name: text, port: self.ports.plain)) }
        return grants
    }

    /// A name that the pattern stands for.
    private static func example(_ pattern: HostnamePattern) -> Hostname? {
        switch pattern {
        case .exact(let name): name
        case .below(let suffix): Hostname("any.\(suffix.text)")
        case .any: nil
        }
    }
}
