import EdgeAgent
import EdgeConfiguration
import EdgeTunnel
import EdgeTypes
import Testing

@Suite("From a visitor to a local service")
struct LocalRouteTests {
    /// A visitor, and the port of the service that serves it.
    struct Row: Sendable {
        let service: TunnelService
        let name: String?
        var port: UInt16?
        let target: UInt16?
    }

    private static let services = [
        "http:*.example.com:1001", "http:app.example.com:1002", "http:*.deep.example.com:1003",
        "https:app.example.com:1004", "ssh:app.example.com:1005", "tcp:5000:1006", "tcp:5001:1007", "http:*:1008",
    ]

    private func target(of row: Row, in services: [String]) throws -> UInt16? {
        let route = LocalRoute(services: try services.map { try LocalService($0) })
        switch route.target(of: row.service, name: row.name.flatMap { Hostname($0) }, port: row.port) {
        case .tcp(_, let port): return port
        case .unix, .inherited, nil: return nil
        }
    }

    @Test(
        arguments: [
            Row(service: .http, name: "app.example.com", target: 1002),
            Row(service: .http, name: "other.example.com", target: 1001),
            Row(service: .http, name: "a.deep.example.com", target: 1003),
            Row(service: .http, name: "elsewhere.test", target: 1008),
            Row(service: .http, name: nil, target: nil),
            Row(service: .https, name: "app.example.com", target: 1004),
            Row(service: .tls, name: "app.example.com", target: 1004),
            Row(service: .https, name: "other.example.com", target: nil),
            Row(service: .https, name: nil, target: 1004),
            Row(service: .ssh, name: "app.example.com", target: 1005),
            Row(service: .ssh, name: nil, target: 1005),
            Row(service: .tcp, name: nil, port: 5000, target: 1006),
            Row(service: .tcp, name: nil, port: 5001, target: 1007),
            Row(service: .tcp, name: "app.example.com", port: 5001, target: 1007),
            Row(service: .tcp, name: nil, port: 5002, target: nil),
            Row(service: .ssh, name: "ssh.app.example.com", target: 1005),
            Row(service: .ssh, name: "ssh.other.example.com", target: nil),
            Row(service: .ssh, name: "ssh.", target: nil),
            Row(service: .http, name: "ssh.app.example.com", target: 1001),
            Row(service: .data, name: "app.example.com", target: nil),
            Row(service: .other, name: "app.example.com", target: nil),
        ]
    )
    func theMostExactServiceIsTaken(row: Row) throws {
        #expect(try self.target(of: row, in: Self.services) == row.target)
        let reversed = Array(Self.services.reversed())
        #expect(try self.target(of: row, in: reversed) == row.target, "the order of writing does not matter")
    }

    @Test(
        arguments: [
            Row(service: .tcp, name: nil, port: 5000, target: 2),
            Row(service: .tcp, name: nil, port: 5001, target: 1),
            Row(service: .tcp, name: "app.example.com", port: 443, target: 1),
            Row(service: .tcp, name: nil, target: 2),
            Row(service: .ssh, name: "app.example.com", target: nil),
        ]
    )
    func aPortThatNoServiceNamesIsThePools(row: Row) throws {
        let services = ["tcp:*:1", "tcp:5000:2", "http:app.example.com:3"]
        #expect(try self.target(of: row, in: services) == row.target)
        #expect(try self.target(of: row, in: services.reversed()) == row.target)
    }

    @Test
    func anExactNameBehindTheLabelComesBeforeAWildcardOverIt() throws {
        let row = Row(service: .ssh, name: "ssh.app.example.com", target: nil)
        #expect(try self.target(of: row, in: ["ssh:*.example.com:1", "ssh:app.example.com:2"]) == 2)
        #expect(try self.target(of: row, in: ["ssh:*.example.com:1"]) == 1)
        #expect(try self.target(of: row, in: ["ssh:ssh.app.example.com:3", "ssh:*.example.com:1"]) == 3)
    }

    @Test
    func whoAsksForHTTPIsNotServedBySSH() throws {
        let row = Row(service: .http, name: "app.example.com", target: nil)
        #expect(try self.target(of: row, in: ["ssh:app.example.com:1", "tcp:*:2"]) == nil)
    }

    @Test
    func nothingServesWhatNobodyOffers() throws {
        let row = Row(service: .http, name: "app.example.com", target: nil)
        #expect(try self.target(of: row, in: []) == nil)
        #expect(try self.target(of: row, in: ["https:app.example.com:1"]) == nil)
    }

    @Test
    func theFirstOfTwoEqualServicesServes() throws {
        let row = Row(service: .http, name: "app.example.com", target: nil)
        #expect(try self.target(of: row, in: ["http:app.example.com:1", "http:app.example.com:2"]) == 1)
    }
}
