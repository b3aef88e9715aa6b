import EdgeConfiguration
import EdgeRouting
import EdgeTypes
import Testing

/// One key: text that is added to the smallest file, and what must be true of the configuration then.
struct KeyRow: Sendable, CustomTestStringConvertible {
    let text: String
    let holds: @Sendable (Configuration) -> Bool

    init(_ text: String, _ holds: @escaping @Sendable (Configuration) -> Bool) {
        self.text = text
        self.holds = holds
    }

    var testDescription: String { self.text }
}

@Suite
struct ConfigurationKeyTests {
    private static let rows: [KeyRow] = [
        KeyRow("timeouts: { sniff: 1s }") { $0.timeouts.sniff == .seconds(1) },
        KeyRow("timeouts: { handshake: 2s }") { $0.timeouts.handshake == .seconds(2) },
        KeyRow("timeouts: { authenticate: 3s }") { $0.timeouts.authenticate == .seconds(3) },
        KeyRow("timeouts: { ping: 4s }") { $0.timeouts.ping == .seconds(4) },
        KeyRow("timeouts: { pong: 6s }") { $0.timeouts.pong == .seconds(6) },
        KeyRow("timeouts: { connect: 7s }") { $0.timeouts.connect == .seconds(7) },
        KeyRow("timeouts: { drain: 0s }") { $0.timeouts.drain == .zero },
        KeyRow("timeouts: { grace: 2m }") { $0.timeouts.grace == .seconds(120) },
        KeyRow("timeouts: { gate: 0ms }") { $0.timeouts.gate == .zero },
        KeyRow("timeouts: { quarantine: 1ms }") { $0.timeouts.quarantine == .milliseconds(1) },
        KeyRow("timeouts: { stall: 1h }") { $0.timeouts.stall == .seconds(3600) },
        KeyRow("timeouts: { token_leeway: 0s }") { $0.timeouts.tokenLeeway == .zero },
        KeyRow("timeouts: { idle: 30d }") { $0.timeouts.idle == .seconds(2_592_000) },
        KeyRow("timeouts: { stream_idle: 5m }") { $0.timeouts.streamIdle == .seconds(300) },
        KeyRow("timeouts: { stream_idle: off }") { $0.timeouts.streamIdle == nil },
        KeyRow("timeouts:") { $0.timeouts == Timeouts() },
        KeyRow("limits: { preface: 120KiB }") { $0.limits.preface == .kibibytes(120) },
        KeyRow("limits: { packet: 1MiB }") { $0.limits.packet == .mebibytes(1) },
        KeyRow("limits: { message: 2MiB }") { $0.limits.message == .mebibytes(2) },
        KeyRow("limits: { frame: 16000B }") { $0.limits.frame == ByteCount(16_000) },
        KeyRow("limits: { stream_buffer: 2MiB }") { $0.limits.streamBuffer == .mebibytes(2) },
        KeyRow("limits: { resume_at: 0B }") { $0.limits.resumeAt == ByteCount(0) },
        KeyRow("limits: { tunnel_buffer: 1MiB }") { $0.limits.tunnelBuffer == .mebibytes(1) },
        KeyRow("limits: { memory: 2GiB }") { $0.limits.memory == .mebibytes(2048) },
        KeyRow("limits: { connections: 5 }") { $0.limits.connections == 5 },
        KeyRow("limits: { connections_per_address: 6 }") { $0.limits.connectionsPerAddress == 6 },
        KeyRow("limits: { tunnels: 7 }") { $0.limits.tunnels == 7 },
        KeyRow("limits: { streams_per_tunnel: 8 }") { $0.limits.streamsPerTunnel == 8 },
        KeyRow("insecure_tunnel: true") { $0.insecureTunnel },
        KeyRow("state: var") { $0.state == "/etc/rvpn/var" },
        KeyRow("loops: 3") { $0.loops == 3 },
        KeyRow("user: nobody") { $0.user == "nobody" },
        KeyRow("log: { level: debug }") { $0.log.level == .debug && $0.log.format == .logfmt },
        KeyRow("log: { format: json }") { $0.log.level == .info && $0.log.format == .json },
        KeyRow("ports: { pool: 3000-3001 }") { $0.ports.allows(3001) && !$0.ports.allows(3002) },
        KeyRow("ports: { pool: \"3000\" }") { $0.ports.pool == 3000...3000 },
        KeyRow("ports: { reserved: [20001, 20010-20019] }") {
            $0.ports.allows(20_000) && !$0.ports.allows(20_001) && !$0.ports.allows(20_019)
        },
        KeyRow("ports: { reserved: 20001 }") { $0.ports.reserved == [20_001...20_001] },
        KeyRow("limits: { failures: 0 }") { $0.limits.failures == 0 },
        KeyRow("ports: { per_token: 0 }") { $0.ports.perToken == 0 },
        KeyRow("ports: { address: 192.0.2.1 }") { $0.ports.address == NetworkAddress("192.0.2.1") },
        KeyRow("ports: { reserved: [25, 7000-7001] }") {
            $0.ports.isReserved(25) && $0.ports.isReserved(7001) && !$0.ports.isReserved(7002)
        },
        KeyRow("routes: []") { $0.routes.isEmpty },
        KeyRow("routes: [{ host: \"*\" }]") { $0.routes == [Route(pattern: .any)] },
        KeyRow("routes: { host: \"*\" }") { $0.routes == [Route(pattern: .any)] },
        KeyRow("routes: [{ host: a.test, tls: terminate }]") { $0.routes.first?.tls == .terminate },
        KeyRow("routes: [{ host: a.test, tls: pass_through }]") { $0.routes.first?.tls == .passThrough },
        KeyRow("routes: [{ host: a.test, http: redirect }]") { $0.routes.first?.http == .redirect },
        KeyRow("routes: [{ host: a.test, http: forward }]") { $0.routes.first?.http == .forward },
        KeyRow("routes: [{ host: a.test, balance: least_connections }]") {
            $0.routes.first?.balance == .leastConnections
        },
        KeyRow("routes: [{ host: a.test, upstream: \"[::1]:80\" }]") {
            $0.routes.first?.upstream == .tcp(host: "::1", port: 80)
        },
        KeyRow("routes: [{ host: a.test, upstream: unix:web.sock }]") {
            $0.routes.first?.upstream == .unix(path: "/etc/rvpn/web.sock")
        },
        KeyRow("routes: [{ host: a.test, upstream: [\"b.test:80\"] }]") {
            $0.routes.first?.upstream == .tcp(host: "b.test", port: 80)
        },
    ]

    @Test(arguments: rows)
    func aKeySaysWhatItSays(row: KeyRow) throws {
        let configuration = try decode(leastText + row.text)
        #expect(row.holds(configuration))
    }

    @Test(arguments: [
        ("\"[::1]:8443\"", SocketEndpoint.tcp(host: "::1", port: 8443)),
        ("127.0.0.1:0", .tcp(host: "127.0.0.1", port: 0)),
        ("\":8443\"", .tcp(host: "::", port: 8443)),
        ("8443", .tcp(host: "127.0.0.1", port: 8443)),
        ("unix:/run/rvpn.sock", .unix(path: "/run/rvpn.sock")),
        ("unix:rvpn.sock", .unix(path: "/etc/rvpn/rvpn.sock")),
        ("fd:https", .inherited(name: "https")),
    ])
    func aListenersAddressHasManyForms(written: String, expected: SocketEndpoint) throws {
        for form in ["[\(written)]", written, "[{ address: \(written) }]", "{ address: \(written) }"] {
            let text = leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: form)
            #expect(try decode(text).listeners == [ListenerConfiguration(address: expected)], "\(form)")
        }
    }

    @Test
    func aFallbackIsRefusalATunnelOrAnAddress() throws {
        let forms: [(String, Fallback)] = [
            ("refuse", .refuse),
            ("tunnel ssh.example.com", .tunnel(try name("ssh.example.com"))),
            ("tunnel   192.0.2.1", .tunnel(try name("192.0.2.1"))),
            ("192.0.2.1:22", .address(.tcp(host: "192.0.2.1", port: 22))),
            ("22", .address(.tcp(host: "127.0.0.1", port: 22))),
            ("\"[::1]:22\"", .address(.tcp(host: "::1", port: 22))),
            ("unix:ssh.sock", .address(.unix(path: "/etc/rvpn/ssh.sock"))),
        ]
        for (written, expected) in forms {
            let form = "[{ address: \":443\", fallback: \(written) }]"
            let text = leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: form)
            #expect(try decode(text).listeners.first?.fallback == expected, "\(written)")
        }
    }

    @Test
    func aListenerMayHaveItsOwnCertificates() throws {
        let form = "[{ address: \":443\", certificates: { directory: own } }, { address: \":80\", certificates: {} }]"
        let listeners = try decode(leastText.replacing("[\"[::]:443\", \"[::]:80\"]", with: form)).listeners
        #expect(listeners.first?.certificates == CertificateConfiguration(directory: "/etc/rvpn/own"))
        #expect(listeners.last?.certificates == nil)
    }

    @Test
    func aCertificatesKeyMayStandInItsChain() throws {
        let text = leastText.replacing("{ directory: certs }", with: "{ entries: [{ chain: /a.pem }] }")
        #expect(try decode(text).certificates.entries == [.init(chain: "/a.pem", key: "/a.pem")])
    }

    @Test
    func aSecretSaysWhoMaySignWhatAndHow() throws {
        let form = "{ file: /s, kid: k, algorithms: HS512, domains: \"*.a.test\" }"
        let secrets = try decode(leastText.replacing("[{ file: secret }]", with: form)).secrets
        let expected = SecretConfiguration(
            file: "/s",
            kid: "k",
            algorithms: [.hs512],
            domains: [try pattern("*.a.test")]
        )
        #expect(secrets == [expected])
        #expect(secrets.first?.inline == nil)
    }
}
