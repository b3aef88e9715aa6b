import EdgeConnections
import EdgeRouting
import EdgeTypes

/// The look-ups that every visitor costs, among many names.
enum RoutingOperations {
    /// - Parameter names: how many names routes are written for, and how many tunnels hold.
    /// - Returns: the operations.
    /// - Throws: where the routes clash.
    static func all(names: Int) throws -> [Operation] {
        try self.routes(names) + self.registry(names)
    }

    private static func host(_ text: String) -> Hostname {
        Hostname(text) ?? self.fallbackHost
    }

    /// What stands for a name that is none; there is no such name here.
    private static let fallbackHost: Hostname = {
        guard let host = Hostname("invalid.example") else { preconditionFailure("a name that is one") }
        return host
    }()

    /// Nine exact names to one wildcard.
    private static func patterns(_ count: Int) -> [HostnamePattern] {
        (0..<count).map { number in
            let name = self.host("app.customer-\(number).example.com")
            return number % 10 == 9 ? .below(name) : .exact(name)
        }
    }

    private static func routes(_ names: Int) throws -> [Operation] {
        let upstream = SocketEndpoint("192.0.2.7:443")
        let table = try RouteTable.build(
            adminHost: self.host("rvpn.example.com"),
            tunnelHosts: [self.host("tunnel.example.com")],
            routes: self.patterns(names).map { Route(pattern: $0, upstream: upstream) }
        )
        let exact = self.host("app.customer-\(names / 2 / 10 * 10).example.com")
        let wildcard = self.host("a.b.app.customer-\(names / 2 / 10 * 10 + 9).example.com")
        let miss = self.host("app.nobody-4711.example.com")
        let question = RoutingQuestion(protocol: .tls, name: exact, presence: .held)
        return [
            Operation.single("route.exact") { keep(table.route(for: exact)) },
            Operation.single("route.wildcard") { keep(table.route(for: wildcard)) },
            Operation.single("route.miss") { keep(table.route(for: miss)) },
            Operation.single("route.decide") { keep(table.decide(question)) },
        ]
    }

    /// Ten names to a tunnel.
    private static func registry(_ names: Int) -> [Operation] {
        let registry = TunnelRegistry<Int>()
        let patterns = self.patterns(names)
        for first in stride(from: 0, to: names, by: 10) {
            let id = registry.nextID()
            _ = registry.register(
                TunnelRegistration(
                    id: id,
                    identity: "device-\(first)",
                    signer: "main",
                    patterns: Array(patterns[first..<min(first + 10, names)]),
                    since: 0,
                    member: first
                )
            )
        }
        let exact = self.host("app.customer-\(names / 2 / 10 * 10).example.com")
        let wildcard = self.host("a.b.app.customer-\(names / 2 / 10 * 10 + 9).example.com")
        let miss = self.host("app.nobody-4711.example.com")
        let policy = SelectionPolicy.roundRobin
        return [
            Operation.single("registry.presence.exact") { keep(registry.presence(of: exact)) },
            Operation.single("registry.presence.wildcard") { keep(registry.presence(of: wildcard)) },
            Operation.single("registry.presence.miss") { keep(registry.presence(of: miss)) },
            Operation.single("registry.choose") {
                let member = registry.choose(
                    exact,
                    by: { policy.choose(count: $0, turn: $1, openStreams: $2) },
                    load: { _ in .ready(streams: 3) }
                )
                keep(member)
            },
        ]
    }
}
