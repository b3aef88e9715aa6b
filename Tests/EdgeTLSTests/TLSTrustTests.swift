import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import Testing

@Suite
struct TLSTrustTests {
    private func server(
        _ pairs: [KeyPair],
        protocols: [String] = [],
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws -> TLSContext {
        try TLSContext(serving: pairs, applicationProtocols: protocols, ticketKey: nil, versions: versions)
    }

    private func isUntrusted(_ outcome: TLSReceipt.Outcome) -> Bool {
        if case .failed(.handshake(let error)) = outcome, case .untrusted = error.cause { return true }
        return false
    }

    @Test(arguments: ["localhost", "127.0.0.1", "a.example.test"])
    func aNameOfTheCertificateIsAccepted(name: String) throws {
        let pair = try EnginePair(TestCertificates.ecdsa, name: name)
        try pair.handshake()
        #expect(pair.client.isHandshakeComplete)
    }

    @Test(arguments: ["other.test", "127.0.0.2", "a.b.example.test", "example.test", "::1"])
    func anotherNameIsRefused(name: String) throws {
        let pair = try EnginePair(TestCertificates.ecdsa, name: name)
        let outcomes = try pair.handshake()
        #expect(self.isUntrusted(outcomes.client), "\(outcomes.client)")
        #expect(!pair.client.isHandshakeComplete)
        guard case .failed(let error) = outcomes.server else {
            Issue.record("the server got no alert: \(outcomes.server)")
            return
        }
        #expect("\(error)".contains("alert"))
    }

    @Test
    func aCertificateOfNobodyTrustedIsRefused() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa]),
            client: TLSContext(trusting: .pem(TestCertificates.other.chainPEM), applicationProtocols: [])
        )
        #expect(self.isUntrusted(try pair.handshake().client))
    }

    @Test
    func theSystemsAuthoritiesDoNotKnowOurs() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa]),
            client: TLSContext(trusting: .system, applicationProtocols: [])
        )
        #expect(self.isUntrusted(try pair.handshake().client))
    }

    @Test(arguments: ["localhost", "unknown.test", "192.0.2.1"])
    func withoutTrustEverythingIsAccepted(name: String) throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa]),
            client: TLSContext(trusting: .nothing, applicationProtocols: []),
            name: name
        )
        try pair.handshake()
        #expect(pair.client.isHandshakeComplete && pair.server.isHandshakeComplete)
    }

    @Test
    func anAuthorityVouchesForItsChain() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.chained]),
            client: TLSContext(trusting: .pem(TestCertificates.authority), applicationProtocols: []),
            name: "chained.test"
        )
        try pair.handshake()
        #expect(pair.client.isHandshakeComplete)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func theClientsSignaturesChooseTheCertificate(version: TLSVersion) throws {
        let server = try self.server([TestCertificates.ecdsa, TestCertificates.rsa])
        for (algorithms, kind) in [
            ("ECDSA+SHA256", Certificate.KeyKind.ecdsa), ("RSA-PSS+SHA256:RSA+SHA256", .rsa),
            ("ECDSA+SHA256:RSA-PSS+SHA256", .ecdsa),
        ] {
            let client = try TLSContext(
                trusting: .nothing,
                applicationProtocols: [],
                versions: version...version,
                signatureAlgorithms: algorithms
            )
            let pair = try EnginePair(server: server, client: client)
            try pair.handshake()
            #expect(pair.client.peerKeyKind == kind, "\(algorithms)")
        }
    }

    @Test
    func theServersOrderOfProtocolsCounts() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa], protocols: ["http/1.1", "h2"]),
            client: TLSContext(trusting: .nothing, applicationProtocols: ["h2", "http/1.1"])
        )
        try pair.handshake()
        #expect(pair.client.summary?.applicationProtocol == "http/1.1")
    }

    @Test
    func withoutACommonProtocolTheHandshakeFails() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa], protocols: ["http/1.1"]),
            client: TLSContext(trusting: .nothing, applicationProtocols: ["h2"])
        )
        let outcomes = try pair.handshake()
        guard case .failed(.handshake(let error)) = outcomes.client else {
            Issue.record("unexpected \(outcomes.client)")
            return
        }
        // no_application_protocol (RFC 7301 §3.2).
        #expect(error.cause == .alertReceived(120))
        #expect(!pair.server.isHandshakeComplete)
    }

    @Test
    func aClientWithoutProtocolsIsServed() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa], protocols: ["http/1.1"]),
            client: TLSContext(trusting: .nothing, applicationProtocols: [])
        )
        try pair.handshake()
        #expect(pair.server.isHandshakeComplete)
        #expect(pair.server.summary?.applicationProtocol == nil)
    }

    @Test
    func withoutACommonVersionTheHandshakeFails() throws {
        let pair = try EnginePair(
            server: self.server([TestCertificates.ecdsa], versions: .tls13 ... .tls13),
            client: TLSContext(trusting: .nothing, applicationProtocols: [], versions: .tls12 ... .tls12)
        )
        let outcomes = try pair.handshake()
        guard case .failed(.handshake(let error)) = outcomes.client else {
            Issue.record("unexpected \(outcomes.client)")
            return
        }
        // protocol_version (RFC 8446 §6.2).
        #expect(error.cause == .alertReceived(70))
    }

    @Test
    func theKeyOfAnotherCertificateIsNamedAsSuch() {
        let mixed = KeyPair(chainPEM: TestCertificates.ecdsa.chainPEM, keyPEM: TestCertificates.other.keyPEM)
        #expect(throws: OpenSSLError(cause: .keyMismatch)) { _ = try self.server([mixed]) }
        let kinds = KeyPair(chainPEM: TestCertificates.ecdsa.chainPEM, keyPEM: TestCertificates.rsa.keyPEM)
        #expect(throws: OpenSSLError(cause: .keyMismatch)) { _ = try self.server([kinds]) }
    }

    @Test
    func whatCannotBeReadIsNamedAsSuch() {
        func cause(_ pair: KeyPair) -> OpenSSLError.Cause? {
            do throws(OpenSSLError) {
                _ = try TLSContext(serving: [pair], applicationProtocols: [], ticketKey: nil)
                return nil
            } catch {
                return error.cause
            }
        }
        let good = TestCertificates.ecdsa
        #expect(cause(KeyPair(chainPEM: [], keyPEM: good.keyPEM)) == .noCertificate)
        #expect(cause(KeyPair(chainPEM: Array("hello".utf8), keyPEM: good.keyPEM)) == .noCertificate)
        let broken = Array("-----BEGIN CERTIFICATE-----\nabc1\n-----END CERTIFICATE-----\n".utf8)
        #expect(cause(KeyPair(chainPEM: broken, keyPEM: good.keyPEM)) == .unreadableCertificate)
        #expect(cause(KeyPair(chainPEM: good.chainPEM + broken, keyPEM: good.keyPEM)) == .unreadableCertificate)
        #expect(cause(KeyPair(chainPEM: good.chainPEM, keyPEM: Array("hello".utf8))) == .unreadableKey)
        #expect(cause(KeyPair(chainPEM: good.chainPEM, keyPEM: [])) == .unreadableKey)
        let encrypted = TestCertificates.encryptedKey(of: good)
        #expect(!encrypted.isEmpty)
        #expect(cause(KeyPair(chainPEM: good.chainPEM, keyPEM: encrypted)) == .unreadableKey)
        #expect(cause(KeyPair(chainPEM: good.chainPEM + good.keyPEM, keyPEM: [])) == nil)
        #expect(cause(KeyPair(chainPEM: good.keyPEM + good.chainPEM, keyPEM: [])) == nil)
    }

    @Test
    func secretsArePrintedAsDots() {
        let pair = KeyPair(chainPEM: [65], keyPEM: Array("abc123".utf8))
        var dumped = ""
        dump(pair, to: &dumped)
        dump(TicketKey(), to: &dumped)
        for text in ["\(pair)", String(reflecting: pair), dumped, "\(TicketKey())"] {
            #expect(!text.contains("97") && !text.contains("abc123"))
            #expect(text.contains("••••") || text == dumped)
        }
    }
}
