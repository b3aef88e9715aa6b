import EdgeTokens
import EdgeTypes
import Testing

@Suite
struct TokenVerifierTests {
    private func refusal(of token: String, by verifier: TokenVerifier = Minting.verifier) -> TokenError? {
        do throws(TokenError) {
            _ = try verifier.verify(token, at: Minting.now)
            return nil
        } catch {
            return error
        }
    }

    @Test
    func theTokenOfRFC7515IsVerified() throws {
        // RFC 7515 §A.1. It grants no name, so that is all there is to refuse while it lasts.
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
            + "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let text = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
        let secret = try #require(Minting.decode(text))
        let verifier = TokenVerifier(keys: [SigningKey(id: "rfc", secret: secret)], leeway: .zero)
        #expect(throws: TokenError.grantsNothing) { try verifier.verify(token, at: 1_300_819_379) }
        #expect(throws: TokenError.expired(at: 1_300_819_380, now: 1_300_819_380)) {
            try verifier.verify(token, at: 1_300_819_380)
        }
        #expect(throws: TokenError.signatureMismatch(secretsTried: 1)) {
            try Minting.verifier.verify(token, at: 1_300_819_379)
        }
    }

    @Test(arguments: TokenAlgorithm.allCases)
    func everyAlgorithmThatTheSecretAllowsIsVerified(algorithm: TokenAlgorithm) throws {
        let token = Minting.token(header: #"{"alg":"\#(algorithm.rawValue)"}"#, #"{"domains":["a.test"]}"#)
        let verified = try Minting.verifier.verify(token, at: Minting.now)
        #expect(verified.keyID == "main")
        #expect(verified.claims.domains.map(\.description) == ["a.test"])
    }

    @Test(arguments: ["none", "None", "NONE", "nOnE"])
    func aTokenThatNobodySignedIsRefused(name: String) {
        let token = Minting.token(header: #"{"alg":"\#(name)"}"#, #"{"domains":["a.test"]}"#)
        let parts = token.split(separator: ".")
        #expect(self.refusal(of: token) == .unsigned)
        #expect(self.refusal(of: "\(parts[0]).\(parts[1]).") == .unsigned)
    }

    @Test(arguments: ["", "hs256", "HS256 ", "HS1", "RS256", "ES256", "EdDSA", "PS512", "HS2567"])
    func everyOtherAlgorithmIsRefused(name: String) {
        let token = Minting.token(header: #"{"alg":"\#(name)"}"#, #"{"domains":["a.test"]}"#)
        #expect(self.refusal(of: token) == .unknownAlgorithm)
    }

    @Test
    func anAlgorithmThatTheSecretDoesNotAllowIsRefused() {
        let strict = TokenVerifier(
            keys: [SigningKey(id: "a", secret: Minting.secret, algorithms: [.hs512])],
            leeway: .zero
        )
        let token = Minting.token(#"{"domains":["a.test"]}"#)
        #expect(self.refusal(of: token, by: strict) == .algorithmNotAllowed(.hs256))
        let long = Minting.token(header: #"{"alg":"HS512"}"#, #"{"domains":["a.test"]}"#)
        #expect(self.refusal(of: long, by: strict) == nil)
    }

    @Test
    func aSignatureOfAnotherAlgorithmOrNoneIsRefused() {
        let short = Minting.token(#"{"domains":["a.test"]}"#).split(separator: ".")
        let header = Minting.encode([UInt8](#"{"alg":"HS512"}"#.utf8))
        #expect(self.refusal(of: "\(header).\(short[1]).\(short[2])") == .signatureMismatch(secretsTried: 1))
        #expect(self.refusal(of: "\(short[0]).\(short[1]).") == .signatureMismatch(secretsTried: 1))
        let cut = String(short[2].dropLast(4))
        #expect(self.refusal(of: "\(short[0]).\(short[1]).\(cut)") != nil)
    }

    @Test
    func claimsMovedUnderAnotherSignatureAreRefused() {
        let mine = Minting.token(#"{"domains":["mine.test"]}"#).split(separator: ".")
        let yours = Minting.token(#"{"domains":["yours.test"]}"#).split(separator: ".")
        #expect(self.refusal(of: "\(mine[0]).\(yours[1]).\(mine[2])") == .signatureMismatch(secretsTried: 1))
    }

    @Test
    func aSignatureIsCheckedBeforeAnyClaimIsRead() {
        let other = [UInt8]("other".utf8)
        #expect(self.refusal(of: Minting.token("not json", secret: other)) == .signatureMismatch(secretsTried: 1))
        #expect(self.refusal(of: Minting.token(#"{"exp":1}"#, secret: other)) == .signatureMismatch(secretsTried: 1))
        #expect(self.refusal(of: Minting.token("not json")) == .malformedClaims)
    }

    @Test
    func withoutSecretsNothingIsVerified() {
        let none = TokenVerifier(keys: [], leeway: .zero)
        #expect(self.refusal(of: Minting.token("{}"), by: none) == .signatureMismatch(secretsTried: 0))
    }

    @Test(arguments: [
        (#"{"exp":1800000000}"#, 0, 1_799_999_999, true), (#"{"exp":1800000000}"#, 0, 1_800_000_000, false),
        (#"{"exp":1800000000}"#, 30, 1_800_000_029, true), (#"{"exp":1800000000}"#, 30, 1_800_000_030, false),
        (#"{"exp":1800000000.5}"#, 0, 1_800_000_000, true), (#"{"exp":1800000000.5}"#, 0, 1_800_000_001, false),
        (#"{"exp":1e300}"#, 30, 1_800_000_000, true), (#"{"exp":-1e300}"#, 30, 1_800_000_000, false),
        (#"{"exp":0}"#, 0, 0, false), (#"{"exp":9223372036854775807}"#, 30, Int.max, true),
    ])
    func aTokenEndsAtItsExpiryAndTheLeeway(claims: String, leeway: Int, now: Int, isGood: Bool) {
        let verifier = TokenVerifier(keys: [Minting.key], leeway: .seconds(leeway))
        let token = Minting.token(claims.dropLast() + #","domains":["a.test"]}"#)
        #expect(((try? verifier.verify(token, at: now)) != nil) == isGood)
    }

    @Test(arguments: [
        (#"{"nbf":1800000000}"#, 0, 1_800_000_000, true), (#"{"nbf":1800000000}"#, 0, 1_799_999_999, false),
        (#"{"nbf":1800000000}"#, 30, 1_799_999_970, true), (#"{"nbf":1800000000}"#, 30, 1_799_999_969, false),
        (#"{"nbf":1799999999.5}"#, 0, 1_799_999_999, false), (#"{"nbf":1799999999.5}"#, 0, 1_800_000_000, true),
        (#"{"nbf":1e300}"#, 30, 1_800_000_000, false), (#"{"nbf":-1e300}"#, 30, 1_800_000_000, true),
        (#"{"iat":4000000000}"#, 0, 1_800_000_000, true),
    ])
    func aTokenBeginsAtItsNotBeforeLessTheLeeway(claims: String, leeway: Int, now: Int, isGood: Bool) {
        let verifier = TokenVerifier(keys: [Minting.key], leeway: .seconds(leeway))
        let token = Minting.token(claims.dropLast() + #","domains":["a.test"]}"#)
        #expect(((try? verifier.verify(token, at: now)) != nil) == isGood)
    }

    @Test
    func timesAreRefusedWithTheirReason() {
        #expect(
            self.refusal(of: Minting.token(#"{"exp":1799999940}"#)) == .expired(at: 1_799_999_940, now: Minting.now)
        )
        #expect(
            self.refusal(of: Minting.token(#"{"nbf":1800000060}"#))
                == .notYetValid(from: 1_800_000_060, now: Minting.now)
        )
        #expect(self.refusal(of: Minting.token(#"{"exp":"1799999940"}"#)) == .malformedClaim(.expiry))
    }

    @Test
    func theSecretThatTheKeyIDNamesComesFirstAndAnUnknownOneIsNoRefusal() throws {
        let keys = [
            SigningKey(id: "first", secret: Minting.secret),
            SigningKey(id: "second", kid: "k2", secret: Minting.secret),
            SigningKey(id: "third", kid: "k3", secret: [UInt8]("other".utf8)),
        ]
        let verifier = TokenVerifier(keys: keys, leeway: .zero)
        func signer(_ header: String, secret: [UInt8] = Minting.secret) throws -> String {
            let token = Minting.token(header: header, #"{"domains":["a.test"]}"#, secret: secret)
            return try verifier.verify(token, at: Minting.now).keyID
        }
        #expect(try signer(#"{"alg":"HS256","kid":"k2"}"#) == "second")
        #expect(try signer(#"{"alg":"HS256"}"#) == "first")
        #expect(try signer(#"{"alg":"HS256","kid":"unknown"}"#) == "first")
        #expect(try signer(#"{"alg":"HS256","kid":"k3"}"#) == "first", "the named secret did not sign, another did")
        #expect(try signer(#"{"alg":"HS256","kid":"k2"}"#, secret: [UInt8]("other".utf8)) == "third")
    }

    @Test
    func aSecretForSomeNamesGrantsNoOthers() throws {
        let names = ["foo.test", "*.foo.test"].compactMap { HostnamePattern($0) }
        let foo = [UInt8]("foo secret".utf8)
        let verifier = TokenVerifier(
            keys: [Minting.key, SigningKey(id: "foo", secret: foo, domains: names)],
            leeway: .zero
        )
        let good = Minting.token(#"{"domains":["Foo.test","*.a.foo.test"]}"#, secret: foo)
        #expect(try verifier.verify(good, at: Minting.now).keyID == "foo")
        let bad = Minting.token(#"{"domains":["foo.test","bar.test"]}"#, secret: foo)
        let denied = try #require(HostnamePattern("bar.test"))
        #expect(self.refusal(of: bad, by: verifier) == .nameNotAllowed(denied, keyID: "foo"))
        let all = Minting.token(#"{"domains":["*"]}"#, secret: foo)
        #expect(self.refusal(of: all, by: verifier) == .nameNotAllowed(.any, keyID: "foo"))
        #expect(self.refusal(of: Minting.token(#"{"domains":["bar.test"]}"#), by: verifier) == nil)
    }

    @Test
    func aSecretForSomePortsGrantsNoOthers() throws {
        let foo = [UInt8]("foo secret".utf8)
        let verifier = TokenVerifier(
            keys: [Minting.key, SigningKey(id: "foo", secret: foo, ports: [20_000...20_009, 30_000...30_000])],
            leeway: .zero
        )
        let good = Minting.token(#"{"ports":["20000-20009",30000]}"#, secret: foo)
        #expect(try verifier.verify(good, at: Minting.now).keyID == "foo")
        let bad = Minting.token(#"{"ports":["20005-20010"]}"#, secret: foo)
        #expect(self.refusal(of: bad, by: verifier) == .portNotAllowed(PortRange(20_005...20_010), keyID: "foo"))
        #expect(self.refusal(of: Minting.token(#"{"ports":[22]}"#), by: verifier) == nil)
    }

    @Test
    func aSecretWrittenDownTwiceGrantsWhatEitherEntryGrants() throws {
        let narrow = SigningKey(
            id: "narrow",
            secret: Minting.secret,
            domains: [try #require(HostnamePattern("a.test"))]
        )
        let verifier = TokenVerifier(keys: [narrow, Minting.key], leeway: .zero)
        let token = Minting.token(#"{"domains":["b.test"]}"#)
        #expect(try verifier.verify(token, at: Minting.now).keyID == "main")
    }

    @Test
    func theRelaysOwnNamesAreNeverGranted() throws {
        let own = try #require(Hostname("tunnel.example.com"))
        let verifier = TokenVerifier(keys: [Minting.key], leeway: .zero, reserved: [own])
        let exact = Minting.token(#"{"domains":["a.example.com","Tunnel.Example.com."]}"#)
        #expect(self.refusal(of: exact, by: verifier) == .reservedName(own))
        let wildcard = Minting.token(#"{"domains":["*.example.com"]}"#)
        #expect(self.refusal(of: wildcard, by: verifier) == nil)
        let old = Minting.token(#"{"name":"tunnel.example.com"}"#)
        #expect(self.refusal(of: old, by: verifier) == .reservedName(own))
    }

    @Test
    func aTokenThatGrantsNothingIsRefused() {
        #expect(self.refusal(of: Minting.token("{}")) == .grantsNothing)
        #expect(self.refusal(of: Minting.token(#"{"domains":[]}"#)) == .grantsNothing)
        #expect(self.refusal(of: Minting.token(#"{"ports":["5050"]}"#)) == nil)
        #expect(self.refusal(of: Minting.token(#"{"tcp":true}"#)) == nil)
    }
}
