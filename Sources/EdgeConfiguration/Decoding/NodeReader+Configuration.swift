import EdgeRouting
import EdgeTypes

extension NodeReader {
    /// Reads a whole configuration.
    ///
    /// - Parameter root: the file, with the environment's word already in it.
    /// - Returns: the configuration, or nil where what is missing has no default; errors are written down.
    mutating func configuration(_ root: ConfigurationNode) -> Configuration? {
        guard let section = self.section(root, "") else { return nil }
        let adminHost = self.required("admin_host", section).flatMap { self.hostname($0, "admin_host") }
        let tunnelNodes = self.required("tunnel_host", section).map { self.list($0) } ?? []
        let tunnelHosts = tunnelNodes.compactMap { node in self.hostname(node, "tunnel_host").map { ($0, node.place) } }
        let listeners = self.required("listeners", section).map { self.listeners($0) } ?? []
        let routes = section["routes"].map { self.routes($0) } ?? []
        self.laterKeys(section)
        let certificates = section["certificates"].flatMap { self.certificates($0, "certificates") }
        let ports = section["ports"].map { self.ports($0) } ?? PortConfiguration()
        let secrets = section["secrets"].map { self.secrets($0) } ?? []
        let timeouts = section["timeouts"].map { self.timeouts($0) } ?? Timeouts()
        let limits = section["limits"].map { self.limits($0) } ?? Limits()
        let log = section["log"].map { self.log($0) } ?? LogConfiguration()
        let insecureTunnel = section["insecure_tunnel"].flatMap { self.bool($0, "insecure_tunnel") } ?? false
        if insecureTunnel, let node = section["insecure_tunnel"] {
            self.warn("insecure_tunnel: tokens and visitors' bytes may cross the network in the clear", at: node.place)
        }
        let state = section["state"].flatMap { self.path($0, "state") }
        let loops = section["loops"].flatMap { self.count($0, "loops", 0...Self.mostLoops) } ?? 0
        let user = section["user"].flatMap { self.text($0, "user") }
        guard let adminHost else { return nil }
        self.checkNames(adminHost, tunnelHosts, routes, listeners)
        self.checkPool(ports, listeners)
        if certificates?.isEmpty ?? true, listeners.contains(where: { $0.configuration.certificates == nil }) {
            let mend = "add certificates: { directory: certs }"
            let message = "there are no certificates: no TLS can end here, neither the admin site's nor a tunnel's"
            self.warn(message, at: section.place, mend: mend)
        }
        return Configuration(
            adminHost: adminHost,
            tunnelHosts: tunnelHosts.map(\.0),
            listeners: listeners.map(\.configuration),
            certificates: certificates ?? CertificateConfiguration(),
            secrets: secrets,
            routes: routes.map(\.route),
            timeouts: timeouts,
            limits: limits,
            insecureTunnel: insecureTunnel,
            state: state,
            loops: loops,
            ports: ports,
            user: user,
            log: log
        )
    }

    /// The most event loops: more than any machine has cores for.
    private static let mostLoops = 1024

    /// Takes the value of a key that has no default.
    private mutating func required(_ key: String, _ section: Section) -> ConfigurationNode? {
        if let node = section[key] {
            guard case .sequence(let items) = node.content, items.isEmpty else { return node }
            self.fail("\(key) is empty", at: node.place, mend: Self.example(key))
            return nil
        }
        let place = ConfigurationNode.Place(file: section.place.file)
        self.fail("\(key) is missing", at: place, mend: Self.example(key))
        return nil
    }

    private static func example(_ key: String) -> String {
        switch key {
        case "listeners": "write listeners: [\"[::]:443\", \"[::]:80\"]"
        case "admin_host": "write admin_host: rvpn.example.com"
        default: "write \(key): tunnel.example.com"
        }
    }

    /// Keys that are part of the language and do nothing yet; said aloud, so that nobody counts on them.
    private mutating func laterKeys(_ section: Section) {
        if let node = section["usage"], let usage = self.section(node, "usage") {
            let bounds = Duration.seconds(1)...Duration.seconds(86_400 * 3650)
            if let interval = usage["interval"] { _ = self.duration(interval, "usage.interval", bounds) }
            if let keep = usage["keep"] { _ = self.duration(keep, "usage.keep", bounds) }
            self.warn("usage is not available in this version: nothing is recorded", at: node.place)
        }
        if let node = section["metrics"], let metrics = self.section(node, "metrics") {
            if let address = metrics["address"] { _ = self.listeningEndpoint(address, "metrics.address") }
            if let token = metrics["token"], let section = self.section(token, "metrics.token") {
                if let file = section["file"] { _ = self.path(file, "metrics.token.file") }
            }
            self.warn("metrics is not available in this version: nothing is served there", at: node.place)
        }
    }

    /// Names that are claimed twice.
    private mutating func checkNames(
        _ adminHost: Hostname,
        _ tunnelHosts: [(Hostname, ConfigurationNode.Place)],
        _ routes: [(route: Route, place: ConfigurationNode.Place)],
        _ listeners: [(configuration: ListenerConfiguration, place: ConfigurationNode.Place)]
    ) {
        let clashes = RouteTable.clashes(
            adminHost: adminHost,
            tunnelHosts: tunnelHosts.map(\.0),
            routes: routes.map(\.route)
        )
        for clash in clashes {
            switch clash {
            case .duplicateRoute(_, _, let route):
                self.fail(clash.description, at: routes[route].place, mend: "keep one of them")
            case .routeForAdminHost(_, let route), .routeForTunnelHost(_, let route):
                self.fail(clash.description, at: routes[route].place, mend: "the relay serves that name itself")
            case .adminHostIsTunnelHost(_, let host):
                self.fail(clash.description, at: tunnelHosts[host].1, mend: "give them two names")
            case .duplicateTunnelHost(_, let host):
                self.fail(clash.description, at: tunnelHosts[host].1, mend: "keep one of them")
            }
        }
        let own = Set(tunnelHosts.map(\.0) + [adminHost])
        for listener in listeners {
            guard case .tunnel(let name) = listener.configuration.fallback, own.contains(name) else { continue }
            let message = "fallback: no tunnel can hold \(name), which the relay serves itself"
            self.fail(message, at: listener.place, mend: "name a tunnel's name")
        }
    }

    /// A listener on a port that tokens may be given.
    private mutating func checkPool(
        _ ports: PortConfiguration,
        _ listeners: [(configuration: ListenerConfiguration, place: ConfigurationNode.Place)]
    ) {
        for listener in listeners {
            guard let port = listener.configuration.address.port, ports.allows(port) else { continue }
            let message = "port \(port) is in ports.pool: a token may be given it"
            self.warn(message, at: listener.place, mend: "add it to ports.reserved")
        }
    }
}
