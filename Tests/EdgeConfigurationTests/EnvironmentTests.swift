import EdgeConfiguration
import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct EnvironmentTests {
    @Test(arguments: [
        KeyRow("RVPN_ADMIN_HOST=admin.test") { $0.adminHost.text == "admin.test" },
        KeyRow("RVPN_TUNNEL_HOST=t.test") { $0.tunnelHosts.map(\.text) == ["t.test"] },
        KeyRow("RVPN_TUNNEL_HOST=[t.test, u.test]") { $0.tunnelHosts.map(\.text) == ["t.test", "u.test"] },
        KeyRow("RVPN_LISTENERS=[::]:8443") { $0.listeners.map(\.address) == [.tcp(host: "::", port: 8443)] },
        KeyRow("RVPN_LISTENERS=8443") { $0.listeners.map(\.address) == [.tcp(host: "127.0.0.1", port: 8443)] },
        KeyRow("RVPN_LISTENERS=[\"[::]:1\", { address: \":2\", fallback: tunnel a.test }]") {
            $0.listeners.map(\.address.port) == [1, 2] && $0.listeners.last?.fallback.description == "tunnel a.test"
        },
        KeyRow("RVPN_TIMEOUTS__SNIFF=5s") { $0.timeouts.sniff == .seconds(5) },
        KeyRow("RVPN_TIMEOUTS__STREAM_IDLE=5m") { $0.timeouts.streamIdle == .seconds(300) },
        KeyRow("RVPN_TIMEOUTS={ sniff: 6s }") { $0.timeouts.sniff == .seconds(6) },
        KeyRow("RVPN_LIMITS__CONNECTIONS_PER_ADDRESS=9") { $0.limits.connectionsPerAddress == 9 },
        KeyRow("RVPN_CERTIFICATES__DIRECTORY=/c") { $0.certificates.directory == "/c" },
        KeyRow("RVPN_CERTIFICATES__ENTRIES=[{ chain: /a }]") { $0.certificates.entries.map(\.chain) == ["/a"] },
        KeyRow("RVPN_SECRETS=[{ file: /s }]") { $0.secrets == [SecretConfiguration(file: "/s")] },
        KeyRow("RVPN_ROUTES=[{ host: a.test, http: redirect }]") { $0.routes.first?.http == .redirect },
        KeyRow("RVPN_INSECURE_TUNNEL=true") { $0.insecureTunnel },
        KeyRow("RVPN_STATE=/v") { $0.state == "/v" },
        KeyRow("RVPN_LOOPS=2") { $0.loops == 2 },
        KeyRow("RVPN_PORTS__POOL=1000-1001") { $0.ports.pool == 1000...1001 },
        KeyRow("RVPN_PORTS__RESERVED=[20005]") { !$0.ports.allows(20_005) },
        KeyRow("RVPN_USER=nobody") { $0.user == "nobody" },
        KeyRow("RVPN_LOG__LEVEL=debug") { $0.log.level == .debug },
    ])
    func aVariableComesBeforeTheFile(row: KeyRow) throws {
        let parts = row.text.split(separator: "=", maxSplits: 1).map(String.init)
        let text = leastText + "timeouts: { sniff: 1s, ping: 2s }\nuser: rvpn\nlog: { level: error }\n"
        let configuration = try decode(text, environment: [parts[0]: parts[1]])
        #expect(row.holds(configuration))
    }

    @Test
    func whatIsBesideAVariableStaysAsItIs() throws {
        let text = leastText + "timeouts: { sniff: 1s, ping: 2s }"
        let one = try decode(text, environment: ["RVPN_TIMEOUTS__SNIFF": "5s"])
        #expect(one.timeouts.ping == .seconds(2))
        let whole = try decode(text, environment: ["RVPN_TIMEOUTS": "{ pong: 7s }", "RVPN_TIMEOUTS__SNIFF": "5s"])
        #expect(whole.timeouts.sniff == .seconds(5))
        #expect(whole.timeouts.pong == .seconds(7))
        #expect(whole.timeouts.ping == Timeouts().ping)
    }

    @Test
    func theEnvironmentAloneIsEnough() throws {
        let configuration = try decode(
            "",
            environment: [
                "RVPN_ADMIN_HOST": "a.test", "RVPN_TUNNEL_HOST": "t.test", "RVPN_LISTENERS": ":443",
                "RVPN_CERTIFICATES__DIRECTORY": "certs", "RVPN_SECRETS": "{ file: secret }",
            ]
        )
        #expect(configuration.listeners.count == 1)
        #expect(configuration.certificates.directory == "/etc/rvpn/certs")
        #expect(configuration.warnings.isEmpty)
    }

    @Test
    func anErrorNamesItsVariable() {
        let found = errors(
            of: leastText,
            environment: ["RVPN_TIMEOUTS__SNIFF": "5", "RVPN_LOG": "{ levle: info }", "RVPN_ROUTES": "[{ host: ["]
        )
        #expect(Set(found.map(\.file)) == ["RVPN_TIMEOUTS__SNIFF", "RVPN_LOG", "RVPN_ROUTES"])
        #expect(found.allSatisfy { $0.line == nil })
        let line = "RVPN_TIMEOUTS__SNIFF: timeouts.sniff: \"5\" has no unit; write 5s for seconds"
        #expect(found.contains { $0.description == line })
    }

    @Test
    func variablesThatAreNoKeysAreNotUsed() throws {
        let configuration = try decode(
            leastText,
            environment: [
                "RVPN_TOKEN": "abc123", "RVPN_SECRET": "abc123", "RVPN_CONFIG": "x", "RVPN_RELAY": "wss://a.test",
                "RVPN_USER": "", "HOME": "/root", "RVPN_TIMEOUT__SNIFF": "5s", "RVPN_PORT": "tcp://10.0.0.1:443",
            ]
        )
        #expect(configuration.user == nil)
        #expect(configuration.timeouts == Timeouts())
        #expect(configuration.warnings.map(\.file) == ["RVPN_PORT", "RVPN_TIMEOUT__SNIFF"])
        #expect(configuration.warnings.last?.mend == "did you mean RVPN_TIMEOUTS__SNIFF?")
        #expect(!"\(configuration)".contains("abc123"))
    }
}
