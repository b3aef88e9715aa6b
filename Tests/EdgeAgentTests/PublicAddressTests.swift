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
            Row(
                local: "ssh:a.test:1",
                service: "ssh",
                name: "ssh.a.test",
                port: 443,
                shown: [Self.command("ssh.a.test")]
            ),
            Row(local: "ssh:a.test:1", service: "ssh", name: "ssh.a.test", shown: [Self.command("ssh.a.test", 8443)]),
            Row(local: "ssh:a.test:1", service: "ssh", name: "a.test", port: 443, shown: [Self.command("a.test")]),
            Row(local: "ssh:a.test:1", service: "ssh", name: "ssh.b.test", port: 443, shown: []),
            Row(local: "ssh:a.test:1", service: "https", name: "a.test", port: 443, shown: []),
            Row(local: "tcp:5000:1", service: "tcp", name: "r.test", port: 5000, shown: ["tcp://r.test:5000"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "r.test", port: 5001, shown: []),
            Row(local: "tcp:5000:1", service: "tcp", name: "", port: 5000, shown: ["tcp://relay.test:5000"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "\u{1B}[2J", port: 5000, shown: ["tcp://relay.test:5000"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "", shown: []),
            Row(local: "tcp:*:1", service: "tcp", name: "", port: 20_000, shown: ["tcp://relay.test:20000"]),
            Row(local: "http:*.a.test:1", service: "http", name: "*.a.test", port: 80, shown: ["http://*.a.test"]),
            Row(local: "http:a.test:1", service: "http", name: "a.test", shown: ["http://a.test"]),
            Row(local: "tcp:5000:1", service: "tcp", name: "::1", port: 5000, shown: ["tcp://[::1]:5000"]),
        ]
    )
    func aGrantIsShownForTheServiceThatItIsFor(row: Row) throws {
        let grants = [ControlGrant(service: row.service, name: row.name, port: row.port)]
        let services = [try LocalService(row.local)]
        #expect(PublicAddress.all(grants, services: services, relay: try Self.relay()) == row.shown)
    }

    @Test
    func addressesStandInTheOrderOfTheServicesAndEachOnce() throws {
        let services = try ["ssh:b.test:1", "http:a.test:2", "http:a.test:3"].map { try LocalService($0) }
        let grants = [
            ControlGrant(service: "http", name: "a.test", port: 80),
            ControlGrant(service: "http+https", name: "a.test", port: 443),
            ControlGrant(service: "ssh", name: "ssh.b.test", port: 443),
        ]
        #expect(
            PublicAddress.all(grants, services: services, relay: try Self.relay())
                == [Self.command("ssh.b.test"), "http://a.test", "https://a.test"]
        )
        #expect(PublicAddress.all([], services: services, relay: try Self.relay()).isEmpty)
    }

    @Test
    func aPortThatAnotherServiceNamesIsNotShownForThePool() throws {
        let services = try ["tcp:*:1", "tcp:5000:2"].map { try LocalService($0) }
        let grants = [
            ControlGrant(service: "tcp", name: "", port: 5000), ControlGrant(service: "tcp", name: "", port: 20_001),
        ]
        let relay = try Self.relay()
        let pooled = PublicAddress.all(grants, services: [services[0]], of: services, relay: relay)
        #expect(pooled == ["tcp://relay.test:20001"])
        let named = PublicAddress.all(grants, services: [services[1]], of: services, relay: relay)
        #expect(named == ["tcp://relay.test:5000"])
    }

    @Test
    func aPatternsCommandLeavesTheNameToTheReader() throws {
        let grants = [ControlGrant(service: "ssh", name: "ssh.*.a.test", port: 443)]
        let services = [try LocalService("ssh:*.a.test:1")]
        let shown = PublicAddress.all(grants, services: services, relay: try #require(RelayURL("wss://[::1]:8443")))
        let proxy = "openssl s_client -quiet -connect [::1]:443 -servername ssh.NAME.a.test"
        #expect(shown == ["ssh -o ProxyCommand='\(proxy)' NAME.a.test"])
    }

    private static func relay() throws -> RelayURL {
        try #require(RelayURL("wss://relay.test:8443"))
    }

    private static func command(_ name: String, _ port: Int = 443) -> String {
        let host = name.hasPrefix("ssh.") ? String(name.dropFirst(4)) : name
        return "ssh -o ProxyCommand='openssl s_client -quiet -connect relay.test:\(port) -servername \(name)' \(host)"
    }
}
