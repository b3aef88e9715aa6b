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
    /// Listeners that send what names nobody to the tunnel of a name.
    let fallbacks: [(name: Hostname, port: UInt16)]

    /// Lists what visitors may ask for.
    ///
    /// - Parameters:
    ///   - patterns: the names of the tunnel.
    ///   - leased: its public TCP ports.
    /// - Returns: `https` where TLS passes through, `http+https` where it ends here and goes down as `http`, `http`
    ///   where requests in the clear are forwarded, `ssh` where SSH comes inside TLS that ends here, and `tcp`: under no
    ///   name for every public TCP port, and under the name for every listener that falls back to it.
    func all(_ patterns: Set<HostnamePattern>, _ leased: Set<UInt16>) -> [ControlGrant] {
        let shared = self.fallbacks.filter { fallback in patterns.contains { $0.matches(fallback.name) } }
        return Self.sorted(patterns).flatMap { self.grants($0) }
            + leased.sorted().map { ControlGrant(service: "tcp", name: "", port: $0) }
            + shared.map { ControlGrant(service: "tcp", name: $0.name.text, port: $0.port) }
    }

    /// Lists the same as the relay of `telebit.js` did, whose client shows it.
    ///
    /// - Parameters:
    ///   - patterns: the names of the tunnel.
    ///   - leased: its public TCP ports.
    /// - Returns: `ssh+https` and `https` for every name, and `tcp` under the first name for every public TCP port.
    func ofAncestor(_ patterns: Set<HostnamePattern>, _ leased: Set<UInt16>) -> [ControlGrant] {
        let names = Self.sorted(patterns).map(\.description)
        return names.map { ControlGrant(service: "ssh+https", name: $0, port: self.ports.secure) }
            + leased.sorted().map { ControlGrant(service: "tcp", name: names.first ?? "", port: $0) }
            + names.map { ControlGrant(service: "https", name: $0, port: nil) }
    }

    private static func sorted(_ patterns: Set<HostnamePattern>) -> [HostnamePattern] {
        patterns.map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func grants(_ pattern: HostnamePattern) -> [ControlGrant] {
        let name = Self.example(pattern)
        let route = name.map { self.routes.route(for: $0) } ?? Route(pattern: pattern)
        let ends = route.tls == .terminate && (name.map { self.certificates.covers($0) } ?? false)
        let text = pattern.description
        var grants = [ControlGrant(service: ends ? "http+https" : "https", name: text, port: self.ports.secure)]
        if case .exact(let name) = pattern, let ssh = SSHName.name(of: name),
            self.certificates.covers(ssh) || self.certificates.fallback != nil
        {
            grants.append(ControlGrant(service: "ssh", name: ssh.text, port: self.ports.secure))
        }
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
