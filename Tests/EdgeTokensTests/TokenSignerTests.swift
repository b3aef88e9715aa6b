import EdgeTokens
import EdgeTypes
import Testing

@Suite
struct TokenSignerTests {
    private func claims() throws -> TokenClaims {
        TokenClaims(
            domains: [try #require(HostnamePattern("a.test")), try #require(HostnamePattern("*.b.test"))],
            ports: [2222...2222, 20000...20010],
            allowsTCP: true,
            device: TokenDevice(id: "Dev", hostname: "laptop"),
            subject: "someone \"quoted\" / slashed",
            expiry: Minting.now + 60,
            notBefore: Minting.now - 60,
            issuedAt: Minting.now,
            audience: ["wss://relay.test"]
        )
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func whatIsSignedIsVerified(algorithm: TokenAlgorithm) throws {
        let claims = try self.claims()
        let key = SigningKey(id: "main", kid: "k\"1", secret: Minting.secret)
        let token = try TokenSigner.sign(claims, with: key, algorithm: algorithm)
        let verified = try TokenVerifier(keys: [key], leeway: .zero).verify(token, at: Minting.now)
        #expect(verified.claims == claims)
        let header = try CompactToken(token).header
        #expect(header.algorithm == algorithm)
        #expect(header.keyID == "k\"1")
        #expect(header.type == "JWT")
    }

    @Test
    func aTokenOfTheAncestorsIsMadeByteForByte() throws {
        let claims = TokenClaims(domains: [try #require(HostnamePattern("app.test"))])
        let expected = Minting.token(#"{"domains":["app.test"]}"#)
        #expect(try TokenSigner.sign(claims, with: Minting.key) == expected)
    }

    @Test
    func whatWouldVerifyNowhereIsNotSigned() throws {
        let name = try #require(HostnamePattern("b.test"))
        let narrow = SigningKey(
            id: "narrow",
            secret: Minting.secret,
            algorithms: [.hs512],
            domains: [try #require(HostnamePattern("a.test"))]
        )
        #expect(throws: TokenError.algorithmNotAllowed(.hs256)) { try TokenSigner.sign(TokenClaims(), with: narrow) }
        #expect(throws: TokenError.nameNotAllowed(name, keyID: "narrow")) {
            try TokenSigner.sign(TokenClaims(domains: [name]), with: narrow, algorithm: .hs512)
        }
        let long = TokenClaims(subject: String(repeating: "s", count: 13_000))
        #expect { try TokenSigner.sign(long, with: Minting.key) } throws: { error in
            if case .tooLong(_, CompactToken.maximumLength)? = error as? TokenError { true } else { false }
        }
    }
}
