package import EdgeConfiguration
package import EdgeTunnel
import EdgeTypes

/// The public addresses of what a client serves, as the relay grants them.
package enum PublicAddress {
    /// Joins grants and services.
    ///
    /// - Parameters:
    ///   - grants: service, name and port, as the relay says: `https` (passed through), `http+https` (TLS ends at the
    ///     relay), `http`, `ssh`, `tcp`.
    ///   - services: what is asked about.
    ///   - all: everything that the client serves, which says whose a public port is; `services` where nil.
    ///   - relay: the relay as the client reaches it.
    /// - Returns: addresses to show, in the order of the services, each once; for SSH the command that reaches it.
    package static func all(
        _ grants: [ControlGrant],
        services: [LocalService],
        of all: [LocalService]? = nil,
        relay: RelayURL
    ) -> [String] {
        let named = Set((all ?? services).compactMap(\.publicPort))
        var shown: [String] = []
        for service in services {
            for grant in grants where self.serves(service, grant, named) {
                let address = self.text(grant, service, relay)
                if !shown.contains(address) { shown.append(address) }
            }
        }
        return shown
    }

    private static func serves(_ service: LocalService, _ grant: ControlGrant, _ named: Set<UInt16>) -> Bool {
        switch service.kind {
        case .tcp:
            guard grant.service == "tcp", let port = grant.port else { return false }
            return service.exposure == .pool ? !named.contains(port) : service.publicPort == port
        case .http: guard grant.service == "http" || grant.service == "http+https" else { return false }
        case .https: guard grant.service == "https" else { return false }
        case .ssh:
            guard grant.service == "ssh", let name = service.pattern?.description else { return false }
            return grant.name == name || grant.name == SSHName.label + name
        }
        return service.pattern?.description == grant.name
    }

    private static func text(_ grant: ControlGrant, _ service: LocalService, _ relay: RelayURL) -> String {
        switch service.kind {
        case .tcp:
            // What the relay calls the place is shown only where it is a host name: it lands on a terminal.
            let host = Hostname(grant.name) ?? relay.host
            return "tcp://\(self.bracketed(host.text)):\(grant.port ?? 0)"
        case .ssh:
            return self.command(grant, relay)
        case .http, .https:
            let isSecure = grant.service != "http"
            let address = "\(isSecure ? "https" : "http")://\(self.bracketed(grant.name))"
            guard let port = grant.port, port != (isSecure ? 443 : 80) else { return address }
            return "\(address):\(port)"
        }
    }

    /// The command for a person's terminal: TLS to the relay by the name, and SSH inside it.
    private static func command(_ grant: ControlGrant, _ relay: RelayURL) -> String {
        let name = grant.name.replacing("*", with: "NAME")
        let host = name.hasPrefix(SSHName.label) ? String(name.dropFirst(SSHName.label.count)) : name
        let place = "\(self.bracketed(relay.host.text)):\(grant.port ?? relay.port)"
        return "ssh -o ProxyCommand='openssl s_client -quiet -connect \(place) -servername \(name)' \(host)"
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}
