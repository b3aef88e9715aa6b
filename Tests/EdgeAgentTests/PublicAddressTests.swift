import EdgeAgent
import EdgeConfiguration
import EdgeTunnel
import Testing

@Suite("The public addresses of what a client serves")
struct PublicAddressTests {
    /// What is served, what is granted, and what is shown.
    struct Row: Sendable {
        let local: String
        let service: String
        let name: String
        var port: UInt16?
        let shown: [String]
    }

    @Test(
        arguments: [
            Row(local: "http:a.test:1", service: "http", name: "a.test", port: 80, shown: ["http://a.test"]),
            Row(local: "http:a.test:1", service: "http", name: "a.test", port: 8080, shown: ["http://a.test:8080"]),
            Row(local: "http:a.test:1", service: "http+https", name: "a.test", port: 443, shown: ["https://a.test"]),
            Row(local: "http:a.test:1", service: "http+https", name: "a.test", port: 44, shown: ["https://a.test:44"]),
            Row(local: "http:a.test:1", service: "https", name: "a.test", port: 443, shown: []),
            Row(local: "https:a.test:1", service: "https", name: "a.test", port: 443, shown: ["https://a.test"]),
            Row(local: "https:a.test:1", service: "http", name: "a.test", port: 80, shown: []),
            Row(local: "https:a.test:1", service: "https", name: "b.test", port: 443, shown: []),
            Row(local: "ssh:a.test:1", service: "ssh", name: "a.test", port: 22, shown: ["ssh://a.test"]),
            Row(local: "ssh:a.test:1", service: "ssh", name: "a.test", port: 443, shown: ["ssh://a.test:443"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "r.test", port: 5000, shown: ["tcp://r.test:5000"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "r.test", port: 5001, shown: []),
            Row(local: "http:*.a.test:1", service: "http", name: "*.a.test", port: 80, shown: ["http://*.a.test"]),
            Row(local: "http:a.test:1", service: "http", name: "a.test", shown: ["http://a.test"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "::1", port: 5000, shown: ["tcp://[::1]:5000"]),
        ]
    )
    func aGrantIsShownForTheServiceThatItIsFor(row: Row) throws {
        let grants = [ControlGrant(service: row.service, name: row.name, port: row.port)]
        let services = [try LocalService(row.local)]
        #expect(PublicAddress.all(grants, services: services) == row.shown)
    }

    @Test
    func addressesStandInTheOrderOfTheServicesAndEachOnce() throws {
        let services = try ["ssh:b.test:1", "http:a.test:2", "http:a.test:3"].map { try LocalService($0) }
        let grants = [
            ControlGrant(service: "http", name: "a.test", port: 80),
            ControlGrant(service: "http+https", name: "a.test", port: 443),
            ControlGrant(service: "ssh", name: "b.test", port: 22),
        ]
        #expect(
            PublicAddress.all(grants, services: services) == ["ssh://b.test", "http://a.test", "https://a.test"]
        )
        #expect(PublicAddress.all([], services: services).isEmpty)
    }
}
