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
    ///   - services: what the client serves.
    /// - Returns: addresses to show, in the order of the services, each once.
    package static func all(_ grants: [ControlGrant], services: [LocalService]) -> [String] {
        var shown: [String] = []
        for service in services {
            for grant in grants where self.serves(service, grant) {
                let address = self.text(grant)
                if !shown.contains(address) { shown.append(address) }
            }
        }
        return shown
    }

    private static func serves(_ service: LocalService, _ grant: ControlGrant) -> Bool {
        switch service.kind {
        case .tcp: return grant.service == "tcp" && grant.port == service.publicPort
        case .http: guard grant.service == "http" || grant.service == "http+https" else { return false }
        case .https: guard grant.service == "https" else { return false }
        case .ssh: guard grant.service == "ssh" else { return false }
        }
        return service.pattern?.description == grant.name
    }

    private static func text(_ grant: ControlGrant) -> String {
        let name = grant.name.contains(":") ? "[\(grant.name)]" : grant.name
        let scheme: (text: String, port: UInt16) =
            switch grant.service {
            case "https", "http+https": ("https", 443)
            case "ssh": ("ssh", 22)
            case "tcp": ("tcp", 0)
            default: ("http", 80)
            }
        guard let port = grant.port, port != scheme.port else { return "\(scheme.text)://\(name)" }
        return "\(scheme.text)://\(name):\(port)"
    }
}
