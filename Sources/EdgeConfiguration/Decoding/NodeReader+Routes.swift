import EdgeRouting
import EdgeTypes

extension NodeReader {
    /// Reads `routes`.
    mutating func routes(_ node: ConfigurationNode) -> [(route: Route, place: ConfigurationNode.Place)] {
        var found: [(route: Route, place: ConfigurationNode.Place)] = []
        for item in self.list(node) {
            guard let route = self.route(item) else { continue }
            found.append((route, item.place))
        }
        return found
    }

    private mutating func route(_ node: ConfigurationNode) -> Route? {
        guard let section = self.section(node, "routes") else { return nil }
        let host = section["host"].flatMap { self.pattern($0, "host") }
        var route = Route(pattern: host ?? .any)
        if let tls = section["tls"].flatMap({ self.choice($0, "tls", TLSTreatment.self) }) { route.tls = tls }
        if let http = section["http"].flatMap({ self.choice($0, "http", HTTPTreatment.self) }) { route.http = http }
        if let balance = section["balance"].flatMap({ self.choice($0, "balance", SelectionPolicy.self) }) {
            route.balance = balance
        }
        if let upstream = section["upstream"] { route.upstream = self.upstream(upstream) }
        if let written = section["balance"], case .exact? = host, section["upstream"] != nil {
            self.warn("balance says nothing here: there is one upstream", at: written.place)
        }
        guard section["host"] != nil else {
            self.fail("a route has no host", at: node.place, mend: "write host: NAME, \"*.NAME\" or \"*\"")
            return nil
        }
        return host == nil ? nil : route
    }

    private mutating func upstream(_ node: ConfigurationNode) -> SocketEndpoint? {
        if case .sequence(let items) = node.content {
            guard items.count == 1, let item = items.first else {
                let message = "upstream: several addresses are not available in this version"
                self.fail(message, at: node.place, mend: "write one")
                return nil
            }
            return self.dialledEndpoint(item, "upstream")
        }
        return self.dialledEndpoint(node, "upstream")
    }
}
