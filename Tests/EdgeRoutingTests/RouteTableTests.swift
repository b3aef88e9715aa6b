import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct RouteTableTests {
    private func table(_ patterns: [String], adminHost: String = "admin.test") throws -> RouteTable {
        try RouteTable.build(
            adminHost: name(adminHost),
            tunnelHosts: [name("tunnel.test")],
            routes: patterns.map { Route(pattern: try pattern($0), tls: .terminate) }
        )
    }

    @Test(arguments: [
        ("a.b.example.com", "a.b.example.com"),
        ("x.b.example.com", "*.b.example.com"),
        ("x.y.b.example.com", "*.b.example.com"),
        ("b.example.com", "*.example.com"),
        ("example.com", "*"),
        ("com", "*"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.2", "*"),
        ("notexample.com", "*"),
    ])
    func theNearestPatternApplies(asked: String, expected: String) throws {
        let table = try self.table(["*", "*.example.com", "*.b.example.com", "a.b.example.com", "192.0.2.1"])
        #expect(table.route(for: try name(asked)).pattern == (try pattern(expected)))
    }

    @Test
    func theOrderOfTheRoutesDoesNotMatter() throws {
        let patterns = ["*", "*.example.com", "*.b.example.com", "a.b.example.com"]
        for order in [patterns, patterns.reversed()] {
            let table = try self.table(order)
            #expect(table.route(for: try name("a.b.example.com")).pattern == (try pattern("a.b.example.com")))
            #expect(table.route(for: try name("c.b.example.com")).pattern == (try pattern("*.b.example.com")))
        }
    }

    @Test
    func aNameWithoutARouteHasEveryDefault() throws {
        let table = try self.table(["*.example.com"])
        let route = table.route(for: try name("example.com"))
        #expect(route == Route(pattern: .any))
        #expect(route.tls == .passThrough)
        #expect(route.http == .forward)
        #expect(route.balance == .roundRobin)
        #expect(route.upstream == nil)
    }

    @Test
    func theRelaysOwnNamesAreKnown() throws {
        let table = try self.table([])
        #expect(table.part(of: try name("admin.test")) == .admin)
        #expect(table.part(of: try name("tunnel.test")) == .tunnel)
        #expect(table.part(of: try name("app.test")) == nil)
    }

    @Test
    func theLongestNameWithTheMostLabelsIsLookedUp() throws {
        let table = try self.table(["*.a"])
        let long = try name(Array(repeating: "a", count: 127).joined(separator: "."))
        #expect(table.route(for: long).pattern == (try pattern("*.a")))
    }

    @Test
    func twoRoutesForOnePatternClash() throws {
        #expect(throws: RoutingError.duplicateRoute(try pattern("*.x.test"), first: 0, second: 2)) {
            _ = try self.table(["*.x.test", "y.test", "*.X.test."])
        }
    }

    @Test
    func aRouteForTheRelayItselfClashes() throws {
        #expect(throws: RoutingError.routeForAdminHost(try name("admin.test"), route: 1)) {
            _ = try self.table(["x.test", "admin.test"])
        }
        #expect(throws: RoutingError.routeForTunnelHost(try name("tunnel.test"), route: 0)) {
            _ = try self.table(["tunnel.test"])
        }
    }

    @Test
    func aWildcardOverTheRelaysNamesIsNoClash() throws {
        let table = try self.table(["*.test", "*"])
        #expect(table.decide(RoutingQuestion(protocol: .tls, name: try name("admin.test"))) == .serveAdmin)
    }

    @Test
    func theRelaysOwnNamesMustDiffer() throws {
        #expect(throws: RoutingError.adminHostIsTunnelHost(try name("tunnel.test"), tunnelHost: 0)) {
            _ = try self.table([], adminHost: "tunnel.test")
        }
        let admin = try name("admin.test")
        let tunnel = try name("tunnel.test")
        #expect(throws: RoutingError.duplicateTunnelHost(tunnel, tunnelHost: 1)) {
            _ = try RouteTable.build(adminHost: admin, tunnelHosts: [tunnel, tunnel], routes: [])
        }
    }

    @Test
    func everyClashIsFoundAtOnce() throws {
        let clashes = RouteTable.clashes(
            adminHost: try name("admin.test"),
            tunnelHosts: [try name("tunnel.test")],
            routes: try ["admin.test", "x.test", "x.test", "tunnel.test"].map { Route(pattern: try pattern($0)) }
        )
        #expect(clashes.count == 3)
        #expect(clashes.map(\.description).contains("routes 2 and 3 are both for x.test"))
    }
}
