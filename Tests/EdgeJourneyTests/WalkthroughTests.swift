import EdgeTestKit
import Testing

/// The walk through the first relay's own README: its names, its secret, its one port.
@Suite
struct WalkthroughTests {
    @Test
    func onePortCarriesTheTunnelTheSitesAndTheAdminHostAgainAndAgain() throws {
        var setup = RelaySetup()
        setup.adminHost = "rvpn.daplie.invalid"
        setup.tunnelHost = "localhost.daplie.me"
        setup.certificates = [(["localhost.daplie.me", "rvpn.daplie.invalid"], .ecdsa)]
        setup.defaultCertificate = "localhost.daplie.me"
        setup.secrets = ["abc123"]
        setup.acceptsPlainTunnels = false
        let relay = try RelayProcess(setup)
        try relay.waitForLog("a warning of a short secret") { $0.level == "warning" && $0.text.contains("secret0") }

        let sites = try ["hfc.daplie.me", "test.hfc.daplie.me", "127.0.0.1"].map { try OriginServer("site of \($0)") }
        let agent = try AgentProcess(
            relay: relay.port,
            [
                "http:hfc.daplie.me:\(sites[0].port)", "http:test.hfc.daplie.me:\(sites[1].port)",
                "http:127.0.0.1:\(sites[2].port)",
            ],
            host: "localhost.daplie.me",
            secret: "abc123"
        )
        for name in ["hfc.daplie.me", "test.hfc.daplie.me", "127.0.0.1"] {
            #expect(agent.urls.contains { $0.contains("://\(name)") }, "\(agent.urls)")
        }
        let curl = Curl(port: relay.port)
        for _ in 0..<10 {
            for name in ["hfc.daplie.me", "test.hfc.daplie.me", "127.0.0.1"] {
                let plain = try curl.get("http://\(name)/")
                #expect(plain.text == "site of \(name) for \(name):\(relay.port)\n", "\(plain.errors)")
            }
            // By address curl sends no name: the default certificate is served, and the Host decides.
            let secure = try curl.get("https://127.0.0.1/", ["-k"])
            #expect(secure.text == "site of 127.0.0.1 for 127.0.0.1:\(relay.port)\n", "\(secure.errors)")
            #expect(try curl.get("https://rvpn.daplie.invalid/healthz").head.status == 200)
        }
        #expect(agent.process.record.current.status == nil)
        let log = relay.process.record.current.errorLines.map { LogLine($0) }
        #expect(log.filter { $0.message == "tunnel connected" }.count == 1)
        #expect(!log.contains { $0.message == "tunnel ended" })
        try agent.stop()
        try relay.stop()
    }

    @Test
    func withoutADefaultCertificateHTTPSByAddressIsRefused() throws {
        let site = try Site(["127.0.0.1"])
        #expect(try site.curl.get("http://127.0.0.1/").head.status == 200)
        #expect(try site.curl.get("https://127.0.0.1/", ["-k"]).code == .exited(35))
        try site.relay.waitForReason("no_server_name")
        try site.stop()
    }
}
