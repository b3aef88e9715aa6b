package import EdgeTypes

/// From a name to its route, and from an arrival to where it goes.
///
/// A value, built whole and replaced whole. A name's route is the one written for exactly this name, else the wildcard
/// with the longest suffix, else `*`, else the treatment of names without a route.
package struct RouteTable: Sendable {
    private let adminHost: Hostname
    private let tunnelHosts: Set<Hostname>
    private let exact: [Hostname: Route]
    /// By suffix: a piece of a name finds it without a copy.
    private let below: [Substring: Route]
    private let other: Route

    /// Builds a table.
    ///
    /// - Parameters:
    ///   - adminHost: the name of the admin site.
    ///   - tunnelHosts: the names where tunnels connect.
    ///   - routes: what the operator says about names, at most one route a pattern.
    /// - Returns: the table.
    /// - Throws: the first of ``clashes(adminHost:tunnelHosts:routes:)``.
    package static func build(
        adminHost: Hostname,
        tunnelHosts: [Hostname],
        routes: [Route]
    ) throws(RoutingError) -> RouteTable {
        if let clash = self.clashes(adminHost: adminHost, tunnelHosts: tunnelHosts, routes: routes).first {
            throw clash
        }
        return RouteTable(adminHost: adminHost, tunnelHosts: tunnelHosts, routes: routes)
    }

    /// Finds every name that is claimed twice.
    ///
    /// - Parameters:
    ///   - adminHost: the name of the admin site.
    ///   - tunnelHosts: the names where tunnels connect.
    ///   - routes: what the operator says about names.
    /// - Returns: the clashes, in the order of the lists; none where a table can be built.
    package static func clashes(
        adminHost: Hostname,
        tunnelHosts: [Hostname],
        routes: [Route]
    ) -> [RoutingError] {
        var found: [RoutingError] = []
        var hosts: Set<Hostname> = []
        for (index, name) in tunnelHosts.enumerated() {
            if name == adminHost { found.append(.adminHostIsTunnelHost(name, tunnelHost: index)) }
            if !hosts.insert(name).inserted { found.append(.duplicateTunnelHost(name, tunnelHost: index)) }
        }
        var places: [HostnamePattern: Int] = [:]
        for (index, route) in routes.enumerated() {
            if let first = places[route.pattern] {
                found.append(.duplicateRoute(route.pattern, first: first, second: index))
            } else {
                places[route.pattern] = index
            }
            guard case .exact(let name) = route.pattern else { continue }
            if name == adminHost { found.append(.routeForAdminHost(name, route: index)) }
            if hosts.contains(name) { found.append(.routeForTunnelHost(name, route: index)) }
        }
        return found
    }

    private init(adminHost: Hostname, tunnelHosts: [Hostname], routes: [Route]) {
        var exact: [Hostname: Route] = [:]
        var below: [Substring: Route] = [:]
        var other = Route(pattern: .any)
        for route in routes {
            switch route.pattern {
            case .exact(let name): exact[name] = route
            case .below(let suffix): below[suffix.text[...]] = route
            case .any: other = route
            }
        }
        self.adminHost = adminHost
        self.tunnelHosts = Set(tunnelHosts)
        self.exact = exact
        self.below = below
        self.other = other
    }

    /// Finds the route of a name.
    ///
    /// - Parameter name: a name.
    /// - Returns: the route that applies; one with every default where none was written.
    package func route(for name: Hostname) -> Route {
        if let route = self.exact[name] { return route }
        guard !self.below.isEmpty else { return self.other }
        var suffix = name.text[...]
        while let dot = suffix.utf8.firstIndex(of: 0x2E) {
            suffix = suffix[suffix.utf8.index(after: dot)...]
            // An address has no names above it, though its text has dots.
            if let route = self.below[suffix] { return name.isAddressLiteral ? self.other : route }
        }
        return self.other
    }

    /// Says who the relay itself is under a name.
    ///
    /// - Parameter name: a name.
    /// - Returns: the relay's part, or nil where the name is not the relay's own.
    package func part(of name: Hostname) -> RelayPart? {
        if name == self.adminHost { return .admin }
        if self.tunnelHosts.contains(name) { return .tunnel }
        return nil
    }
}
