import EdgeConfiguration
import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct ConfigurationDecoderTests {
    @Test
    func theSmallestFileHasEveryDefault() throws {
        let configuration = try decode(leastText)
        var expected = Configuration(
            adminHost: try name("rvpn.example.com"),
            tunnelHosts: [try name("tunnel.example.com")],
            listeners: [
                ListenerConfiguration(address: .tcp(host: "::", port: 443)),
                ListenerConfiguration(address: .tcp(host: "::", port: 80)),
            ]
        )
        expected.certificates.directory = "/etc/rvpn/certs"
        expected.secrets = [SecretConfiguration(file: "/etc/rvpn/secret")]
        #expect(configuration == expected)
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.notes.isEmpty)
    }

    private static let full = """
        admin_host: rvpn.example.com
        tunnel_host: [tunnel.example.com, wss.example.com]

        listeners:
          - address: "[::]:443"          # host:port, [v6]:port, unix:/path, fd:NAME
            fallback: refuse             # refuse | tunnel NAME | HOST:PORT
            certificates: {}             # another set for this listener; the global one if absent

        certificates:
          directory: /etc/rvpn/certs
          entries: [{ chain: a.pem, key: a.key }]
          default: rvpn.example.com

        secrets:
          - file: /etc/rvpn/secret
            kid: main
            algorithms: [HS256, HS384, HS512]
          - file: /etc/rvpn/foo.secret
            domains: [foo.example.com, "*.foo.example.com"]

        routes:
          - host: "*.example.com"
            tls: pass_through
            http: redirect
            balance: round_robin
          - host: old.example.com
            upstream: 192.0.2.7:443

        timeouts: { sniff: 10s, handshake: 10s, authenticate: 10s, ping: 15s, pong: 20s, connect: 5s, drain: 30s,
                    grace: 30s, gate: 100ms, quarantine: 5s, stall: 60s, token_leeway: 30s,
                    idle: 300s,
                    stream_idle: off }
        limits:   { preface: 64KiB, packet: 16MiB, message: 16MiB, frame: 64KiB, stream_buffer: 1MiB,
                    resume_at: 256KiB, tunnel_buffer: 16MiB, memory: 512MiB, connections: 100000,
                    connections_per_address: 10000, tunnels: 20000, streams_per_tunnel: 10000 }
        insecure_tunnel: false
        state: /var/lib/rvpn
        loops: 0
        ports: { pool: 20000-29999, reserved: [], per_token: 16 }
        usage: { interval: 60s, keep: 90d }
        metrics: { address: "127.0.0.1:9100", token: {} }
        user: rvpn
        log: { level: info, format: logfmt }

        """

    @Test
    func theFullFileSaysTheDefaultsAndMore() throws {
        let configuration = try decode(Self.full)
        #expect(configuration.tunnelHosts == [try name("tunnel.example.com"), try name("wss.example.com")])
        #expect(configuration.listeners == [ListenerConfiguration(address: .tcp(host: "::", port: 443))])
        #expect(configuration.certificates.directory == "/etc/rvpn/certs")
        #expect(configuration.certificates.entries == [.init(chain: "/etc/rvpn/a.pem", key: "/etc/rvpn/a.key")])
        #expect(configuration.certificates.defaultName == (try name("rvpn.example.com")))
        #expect(
            configuration.secrets == [
                SecretConfiguration(file: "/etc/rvpn/secret", kid: "main"),
                SecretConfiguration(
                    file: "/etc/rvpn/foo.secret",
                    domains: [try pattern("foo.example.com"), try pattern("*.foo.example.com")]
                ),
            ]
        )
        #expect(
            configuration.routes == [
                Route(pattern: try pattern("*.example.com"), http: .redirect),
                Route(pattern: try pattern("old.example.com"), upstream: .tcp(host: "192.0.2.7", port: 443)),
            ]
        )
        #expect(configuration.timeouts == Timeouts())
        #expect(configuration.limits == Limits())
        #expect(!configuration.insecureTunnel)
        #expect(configuration.state == "/var/lib/rvpn")
        #expect(configuration.loops == 0)
        #expect(configuration.ports == PortConfiguration())
        #expect(configuration.user == "rvpn")
        #expect(configuration.log == LogConfiguration())
    }

    @Test
    func whatIsNotAvailableYetIsSaidAloud() throws {
        let configuration = try decode(Self.full)
        #expect(configuration.warnings.map(\.message).contains { $0.hasPrefix("usage is not available") })
        #expect(configuration.warnings.map(\.message).contains { $0.hasPrefix("metrics is not available") })
        #expect(configuration.warnings.count == 2)
        let text = Self.full.replacing("fallback: refuse ", with: "proxy_protocol: [10.0.0.0/8] ")
        let found = errors(of: text)
        #expect(found.map(\.message) == ["proxy_protocol is not available in this version"])
        #expect(found.first?.line == 6)
    }

    @Test
    func theExampleFileIsReadAndSaysTheDefaults() throws {
        let text = try String(contentsOfFile: "\(packageRoot)/rvpn.example.yaml")
        let configuration = try decode(text)
        #expect(configuration.timeouts == Timeouts())
        #expect(configuration.limits == Limits())
        #expect(configuration.ports == PortConfiguration())
        #expect(configuration.log == LogConfiguration())
        #expect(configuration.warnings.isEmpty)
    }

    @Test
    func theReferenceNamesEveryKeyWithItsDefault() throws {
        let text = try String(contentsOfFile: "\(packageRoot)/docs/Configuration.md")
        for (section, settings) in [("timeouts", Timeouts().settings), ("limits", Limits().settings)] {
            for (key, setting) in settings {
                #expect(text.contains("| `\(section).\(key)` | `\(setting)` |"), "\(section).\(key): \(setting)")
            }
        }
        let others = [
            "admin_host", "tunnel_host", "listeners", "address", "fallback", "certificates", "proxy_protocol",
            "directory", "entries", "chain", "key", "default", "secrets", "file", "kid", "algorithms", "domains",
            "routes", "host", "tls", "http", "balance", "upstream", "insecure_tunnel", "state", "loops",
            "ports.pool", "ports.reserved", "ports.per_token", "ports.address", "usage", "metrics", "user", "log.level",
            "log.format",
            "relay", "token", "secret", "ca", "local", "resolve",
        ]
        for key in others { #expect(text.contains("`\(key)`"), "\(key)") }
    }

    @Test
    func theReferenceNamesEveryReason() throws {
        let text = try String(contentsOfFile: "\(packageRoot)/docs/Configuration.md")
        for reason in CloseReason.allCases { #expect(text.contains("| `\(reason.rawValue)` |"), "\(reason.rawValue)") }
    }

    @Test(arguments: [
        ("resume_at follows a smaller buffer", "limits: { stream_buffer: 64KiB }", ByteCount.kibibytes(16)),
        ("and stays with a larger one", "limits: { stream_buffer: 8MiB }", ByteCount.kibibytes(256)),
        ("and is what is written", "limits: { stream_buffer: 64KiB, resume_at: 1KiB }", ByteCount.kibibytes(1)),
    ])
    func theMarkWhereAStreamGoesOn(label: String, text: String, expected: ByteCount) throws {
        #expect(try decode(leastText + text).limits.resumeAt == expected, Comment(rawValue: label))
    }

    @Test
    func relativePathsAreRelativeToTheFolder() throws {
        let text = leastText + "state: ../state"
        #expect(try decode(text).state == "/etc/rvpn/../state")
        for folder in ["", "."] {
            let decoder = ConfigurationDecoder(file: "rvpn.yaml", folder: folder)
            #expect(try decoder.decode(text).state == "../state")
        }
        #expect(try ConfigurationDecoder(file: "f", folder: "/").decode(text).state == "/../state")
    }

    @Test
    func anAliasStandsForWhatItNames() throws {
        let text = leastText.replacing("admin_host: rvpn", with: "admin_host: &a rvpn") + "user: *a\n"
        #expect(try decode(text).user == "rvpn.example.com")
    }

    @Test
    func whatIsProbablyNotMeantIsAWarning() throws {
        let text = """
            admin_host: rvpn.example.com
            tunnel_host: tunnel.example.com
            listeners: [":20443"]
            insecure_tunnel: true
            routes: [{ host: a.test, upstream: "b.test:80", balance: round_robin }]
            """
        let found = try decode(text).warnings.map { "\($0.line ?? 0): \($0.message.prefix(24))" }
        #expect(
            found
                == [
                    "1: there are no certificate", "3: port 20443 is in ports.p", "4: insecure_tunnel: tokens ",
                    "5: balance says nothing her", "0: there are no secrets: no",
                ].map { String($0.prefix(27)) }
        )
    }
}
