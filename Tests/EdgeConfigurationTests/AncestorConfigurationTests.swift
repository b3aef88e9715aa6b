import EdgeConfiguration
import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct AncestorConfigurationTests {
    private static let text = """
        rvpn:
          serverName: rvpn.example.invalid
          wssdomain: localhost.example.me
          adminDomain: rvpn.example.invalid
          genericlistener: 8443
          deadtime:
            dwell: 600
            idle: 60
            cancelcheck: 10
          domains:
            test.example.me:
              secret: abc123
            "*.test2.example.me":
              secret: abc123
            test3.example.me:
              Secret: xyz789
          loadbalancing:
            defaultmethod: round-robin
            other: 1

        """

    @Test
    func theOldFileWorksAsItStands() throws {
        let configuration = try decode(Self.text)
        #expect(configuration.adminHost == (try name("rvpn.example.invalid")))
        #expect(configuration.tunnelHosts == [try name("localhost.example.me")])
        #expect(configuration.listeners == [ListenerConfiguration(address: .tcp(host: "::", port: 8443))])
        #expect(
            configuration.certificates.entries == [
                .init(chain: "/etc/rvpn/certs/fullchain.pem", key: "/etc/rvpn/certs/privkey.pem")
            ]
        )
        #expect(configuration.certificates.defaultName == (try name("localhost.example.me")))
        #expect(configuration.timeouts.idle == .seconds(60))
        #expect(configuration.routes == [Route(pattern: .any)])
        #expect(configuration.warnings.isEmpty)
    }

    @Test
    func aSecretSignsForTheNamesThatHaveIt() throws {
        let secrets = try decode(Self.text).secrets
        #expect(secrets.count == 2)
        #expect(secrets.first?.inline == Secret("abc123"))
        #expect(secrets.first?.domains == [try pattern("test.example.me"), try pattern("*.test2.example.me")])
        #expect(secrets.last?.inline == Secret("xyz789"))
        #expect(secrets.last?.domains == [try pattern("test3.example.me")])
        #expect(secrets.allSatisfy { $0.file == "rvpn.yaml" && $0.algorithms == SecretAlgorithm.allCases })
    }

    @Test
    func everyKeyHasALineAndNoLineASecret() throws {
        let notes = try decode(Self.text).notes
        for key in [
            "rvpn.serverName", "rvpn.wssdomain", "rvpn.admindomain", "rvpn.genericlistener", "rvpn.deadtime.dwell",
            "rvpn.deadtime.idle", "rvpn.deadtime.cancelcheck", "rvpn.domains.test.example.me.secret",
            "rvpn.domains.test3.example.me.secret", "rvpn.loadbalancing.defaultmethod", "rvpn.loadbalancing.other",
            "certs/fullchain.pem",
        ] {
            #expect(notes.contains { $0.hasPrefix(key) }, "\(key)")
        }
        #expect(notes.contains("rvpn.deadtime.idle became timeouts.idle: 60s"))
        #expect(notes.contains("rvpn.wssdomain became tunnel_host: localhost.example.me"))
        #expect(!notes.joined().contains("abc123"))
        #expect(!notes.joined().contains("xyz789"))
    }

    @Test
    func keysAreReadWithoutRegardToCase() throws {
        let configuration = try decode("RVPN:\n  ServerName: a.test\n  WSSDomain: t.test\n  GenericListener: 1\n")
        #expect(configuration.adminHost == (try name("a.test")))
        #expect(configuration.listeners.first?.address.port == 1)
    }

    @Test
    func keysThatTheAncestorDidNotKnowAreNotUsed() throws {
        let notes = try decode(Self.text.replacing("rvpn:\n", with: "other: 1\nrvpn:\n  novelty: 2\n")).notes
        #expect(notes.contains("other is not used"))
        #expect(notes.contains("rvpn.novelty is not used"))
    }

    @Test(arguments: [
        ("8443", "http", 5, "must be a port"),
        ("idle: 60", "idle: soon", 8, "must be a number of seconds"),
        ("round-robin", "whatever", 18, "is not known"),
        ("test.example.me:", "\"te st\":", 11, "is not a host name"),
        ("wssdomain: localhost.example.me", "wssdomain: a b", 3, "is not a host name"),
        ("secret: abc123\n    \"*", "none: abc123\n    \"*", 11, "has no secret"),
    ])
    func anErrorPointsIntoTheOldFile(part: String, instead: String, line: Int, words: String) {
        let found = errors(of: Self.text.replacing(part, with: instead))
        #expect(found.contains { $0.line == line && $0.message.contains(words) }, "\(found)")
        #expect(!"\(found)".contains("abc123"))
    }

    @Test
    func whatTheOldFileDoesNotSayIsMissing() {
        let messages = errors(of: "rvpn: { deadtime: { idle: 5 } }").map(\.message)
        #expect(messages == ["admin_host is missing", "tunnel_host is missing", "listeners is missing"])
    }

    @Test
    func theEnvironmentComesBeforeTheOldFileToo() throws {
        let configuration = try decode(
            Self.text,
            environment: ["RVPN_LISTENERS": ":9443", "RVPN_SECRETS": "[{ file: /s }]"]
        )
        #expect(configuration.listeners.map(\.address.port) == [9443])
        #expect(configuration.secrets == [SecretConfiguration(file: "/s")])
    }

    @Test
    func aNewFileWithAStrayKeyIsNoOldFile() {
        let found = errors(of: leastText + "rvpn: { a: 1 }\n")
        #expect(found.map(\.message) == ["unknown key \"rvpn\""])
    }
}
