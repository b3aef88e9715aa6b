import EdgeConfiguration
import EdgeTypes
import Testing

@Suite
struct AgentConfigurationTests {
    private func decode(
        _ text: String,
        environment: [String: String] = [:]
    ) throws(ConfigurationFailure) -> AgentConfiguration {
        try AgentConfigurationDecoder(file: "agent.yaml", folder: "/home/me", environment: environment).decode(text)
    }

    private func errors(of text: String) -> [ConfigurationError] {
        do throws(ConfigurationFailure) {
            _ = try self.decode(text)
            return []
        } catch {
            return error.errors
        }
    }

    private static let text = """
        relay: wss://tunnel.example.com
        token: { file: token }
        ca: ca.pem
        local: ["http:app.example.com:3000", "tcp:2222:22", "web.test:unix:web.sock"]
        resolve: ["tunnel.example.com:127.0.0.1", "b.test:443:[::1]"]

        """

    @Test
    func aClientsFileIsRead() throws {
        let configuration = try self.decode(Self.text)
        #expect(configuration.relay == "wss://tunnel.example.com")
        #expect(configuration.tokenFile == "/home/me/token")
        #expect(configuration.secretFile == nil)
        #expect(configuration.ca == "/home/me/ca.pem")
        #expect(
            configuration.local.map(\.description) == [
                "http:app.example.com:127.0.0.1:3000", "tcp:2222:127.0.0.1:22", "http:web.test:unix:/home/me/web.sock",
            ]
        )
        #expect(configuration.resolve.map(\.description) == ["tunnel.example.com:127.0.0.1", "b.test:443:::1"])
        #expect(configuration.warnings.isEmpty)
    }

    @Test
    func nothingMustBeThere() throws {
        #expect(try self.decode("") == AgentConfiguration())
        #expect(try self.decode("{}") == AgentConfiguration())
    }

    @Test
    func aSecretMayStandInATokensPlace() throws {
        #expect(try self.decode("secret: { file: /s }").secretFile == "/s")
        let both = try self.decode("token: { file: /t }\nsecret: { file: /s }")
        #expect(both.warnings.map(\.line) == [2])
    }

    @Test(arguments: [
        "wss://a.test", "wss://a.test:8443", "wss://a.test/x", "wss://127.0.0.1:8443", "wss://[::1]:8443",
        "wss://[::1]",
    ])
    func aRelaysAddressIsRead(relay: String) throws {
        #expect(try self.decode("relay: \"\(relay)\"").relay == relay)
    }

    @Test
    func aRelayWithoutTLSIsAWarning() throws {
        #expect(try self.decode("relay: ws://a.test").warnings.map(\.line) == [1])
    }

    @Test(arguments: [
        ("relay: https://a.test", "is not a WebSocket's address"),
        ("relay: a.test", "write wss://HOST"),
        ("relay: \"wss://\"", "is not a host"),
        ("relay: \"wss://:443\"", "is not a host"),
        ("relay: \"wss://a.test:99999\"", "is not a host"),
        ("relais: wss://a.test", "did you mean relay?"),
        ("token: abc123", "token names a file"),
        ("secret: abc123", "secret names a file"),
        ("token: {}", "token has no file"),
        ("local: [\"a\"]", "lacks a part"),
        ("local: [[a]]", "must be a single value"),
        ("local: [\"tcp:*:22\", \"tcp:*:23\"]", "keep one"),
        ("resolve: [a.test]", "write HOST:ADDRESS"),
        ("resolve: [\"a.test:b.test\"]", "write HOST:ADDRESS"),
        ("[]", "the file must be a mapping"),
    ])
    func aMistakeIsNamedWithoutTheSecret(text: String, words: String) {
        let found = self.errors(of: text)
        #expect(found.count == 1)
        #expect("\(found)".contains(words), "\(found)")
        #expect(!"\(found)".contains("abc123"))
    }

    @Test
    func theEnvironmentComesBeforeTheFile() throws {
        let configuration = try self.decode(
            Self.text,
            environment: [
                "RVPN_RELAY": "wss://b.test", "RVPN_LOCAL": "[\"b.test:1\", \"c.test:2\"]", "RVPN_TOKEN": "abc123",
                "RVPN_SECRET": "abc123", "RVPN_TOKEN__FILE": "/t", "RVPN_TIMEOUTS__SNIFF": "5s",
            ]
        )
        #expect(configuration.relay == "wss://b.test")
        #expect(configuration.local.count == 2)
        #expect(configuration.tokenFile == "/t")
        #expect(configuration.warnings.isEmpty)
        #expect(try self.decode("", environment: ["RVPN_LOCAL": "b.test:1"]).local.count == 1)
    }

    @Test
    func anAddressStandsForANameOnItsPort() throws {
        let any = try #require(HostAddress("a.test:192.0.2.1"))
        #expect(any.applies(to: try name("a.test"), port: 1))
        #expect(!any.applies(to: try name("b.test"), port: 1))
        let one = try #require(HostAddress("a.test:443:::1"))
        #expect(one.applies(to: try name("a.test"), port: 443))
        #expect(!one.applies(to: try name("a.test"), port: 80))
        for text in ["", "a.test", "a.test:", ":192.0.2.1", "a.test:99999:192.0.2.1", "a.test:443:"] {
            #expect(HostAddress(text) == nil, "\(text)")
        }
    }
}
