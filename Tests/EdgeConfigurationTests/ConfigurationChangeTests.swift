import EdgeConfiguration
import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct ConfigurationChangeTests {
    private func changes(_ added: String, from: String = "") throws -> [ConfigurationChange] {
        ConfigurationChange.changes(from: try decode(leastText + from), to: try decode(leastText + added))
    }

    @Test
    func theSameFileChangesNothing() throws {
        #expect(try self.changes("").isEmpty)
        let routes = "routes: [{ host: a.test }, { host: b.test }]"
        #expect(try self.changes("routes: [{ host: b.test }, { host: a.test }]", from: routes).isEmpty)
    }

    @Test(arguments: [
        ("routes: [{ host: a.test }]", "routes changed", false),
        ("timeouts: { sniff: 5s }", "timeouts.sniff is now 5s", false),
        ("timeouts: { stream_idle: 1h }", "timeouts.stream_idle is now 1h", false),
        ("limits: { tunnels: 5 }", "limits.tunnels is now 5", false),
        ("limits: { preface: 32KiB }", "limits.preface is now 32KiB", false),
        ("insecure_tunnel: true", "insecure_tunnel is now true", false),
        ("log: { level: debug }", "log.level is now debug", false),
        ("log: { format: json }", "log.format changed, and waits for a restart", true),
        ("loops: 2", "loops changed, and waits for a restart", true),
        ("user: nobody", "user changed, and waits for a restart", true),
        ("state: /v", "state changed, and waits for a restart", true),
        ("ports: { per_token: 1 }", "ports changed", false),
    ])
    func eachKeyIsOneChangeInOneLine(added: String, line: String, restarts: Bool) throws {
        let changes = try self.changes(added)
        #expect(changes.map(\.description) == [line])
        #expect(changes.map(\.needsRestart) == [restarts])
    }

    @Test
    func namesCertificatesAndSecretsAreChanges() throws {
        let old = try decode(leastText)
        for (part, instead, line) in [
            ("rvpn.example.com", "b.example.com", "admin_host or tunnel_host changed"),
            ("tunnel.example.com", "c.example.com", "admin_host or tunnel_host changed"),
            ("certs", "others", "certificates changed"),
            ("file: secret", "file: other", "secrets changed"),
        ] {
            let new = try decode(leastText.replacing(part, with: instead))
            #expect(ConfigurationChange.changes(from: old, to: new).map(\.description) == [line])
        }
    }

    @Test
    func listenersAreClosedBeforeOthersAreOpened() throws {
        let old = try decode(leastText)
        let form = "[{ address: \"[::]:443\", fallback: tunnel a.test }, \"0.0.0.0:80\"]"
        let new = try decode(leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: form))
        let changes = ConfigurationChange.changes(from: old, to: new)
        #expect(
            changes == [
                .listenerRemoved(ListenerConfiguration(address: .tcp(host: "::", port: 80))),
                .listenerChanged(old: old.listeners[0], new: new.listeners[0]),
                .listenerAdded(ListenerConfiguration(address: .tcp(host: "0.0.0.0", port: 80))),
            ]
        )
        #expect(changes[1].description == "listener [::]:443: fallback is now tunnel a.test")
        #expect(changes.allSatisfy { !$0.needsRestart })
    }

    @Test
    func listenersOnAnyPortAreMatchedOneByOne() throws {
        let two = leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: "[\"127.0.0.1:0\", \"127.0.0.1:0\"]")
        let one = leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: "[\"127.0.0.1:0\"]")
        #expect(ConfigurationChange.changes(from: try decode(two), to: try decode(two)).isEmpty)
        #expect(ConfigurationChange.changes(from: try decode(two), to: try decode(one)).count == 1)
        #expect(ConfigurationChange.changes(from: try decode(one), to: try decode(two)).count == 1)
    }

    @Test
    func noLineShowsASecret() throws {
        var old = try decode(leastText)
        var new = old
        old.secrets = [SecretConfiguration(file: "f", inline: Secret("abc123"))]
        new.secrets = [SecretConfiguration(file: "f", inline: Secret("xyz789"))]
        let changes = ConfigurationChange.changes(from: old, to: new)
        #expect(changes == [.secrets])
        #expect(!"\(changes)".contains("xyz789"))
    }
}
