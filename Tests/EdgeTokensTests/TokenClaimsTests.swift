import EdgeTokens
import EdgeTypes
import Testing

@Suite
struct TokenClaimsTests {
    private func read(_ json: String) throws(TokenError) -> TokenClaims {
        try TokenClaims(json: [UInt8](json.utf8))
    }

    private func patterns(_ texts: String...) -> [HostnamePattern] {
        texts.compactMap { HostnamePattern($0) }
    }

    @Test
    func everyClaimIsRead() throws {
        let claims = try self.read(
            """
            {"domains":["App.Example.com","*.Wild.test"],"ports":[2222,"5050","20000-20010"],"tcp":true,
             "device":{"id":"Dev-1","hostname":"Laptop"},"sub":"Me","exp":200,"nbf":100,"iat":90,"aud":"wss://x"}
            """
        )
        #expect(claims.domains == self.patterns("app.example.com", "*.wild.test"))
        #expect(claims.ports == [2222...2222, 5050...5050, 20000...20010])
        #expect(claims.allowsTCP)
        #expect(claims.device == TokenDevice(id: "Dev-1", hostname: "laptop"))
        #expect(claims.subject == "Me")
        #expect(claims.expiry == 200)
        #expect(claims.notBefore == 100)
        #expect(claims.issuedAt == 90)
        #expect(claims.audience == ["wss://x"])
        #expect(!claims.isEmpty)
    }

    @Test(arguments: ["{}", #"{"domains":[],"ports":[],"tcp":false}"#, #"{"domains":null,"ports":null,"exp":null}"#])
    func absentEmptyAndNullClaimsGrantNothing(json: String) throws {
        let claims = try self.read(json)
        #expect(claims.isEmpty)
        #expect(claims == TokenClaims())
    }

    @Test
    func anOldClientsNameCountsWhereThereAreNoDomains() throws {
        #expect(try self.read(#"{"name":"Old.test"}"#).domains == self.patterns("old.test"))
        #expect(try self.read(#"{"name":"old.test","domains":["new.test"]}"#).domains == self.patterns("new.test"))
        #expect(try self.read(#"{"name":"old.test","domains":[]}"#).domains.isEmpty)
    }

    @Test
    func aNameGrantedTwiceCountsOnce() throws {
        #expect(try self.read(#"{"domains":["a.test","A.TEST","a.test.","b.test"]}"#).domains.count == 2)
        #expect(try self.read(#"{"ports":[5,"5","5-5"]}"#).ports == [5...5])
    }

    @Test(arguments: [
        (#"{"domains":"a.test"}"#, TokenClaimName.domains), (#"{"domains":{}}"#, .domains),
        (#"{"domains":7}"#, .domains), (#"{"domains":[7]}"#, .domains), (#"{"domains":["a.test",null]}"#, .domains),
        (#"{"domains":[["a.test"]]}"#, .domains), (#"{"domains":[{}]}"#, .domains), (#"{"domains":true}"#, .domains),
        (#"{"name":7}"#, .name), (#"{"name":[]}"#, .name), (#"{"name":{}}"#, .name),
        (#"{"ports":5050}"#, .ports), (#"{"ports":"5050"}"#, .ports), (#"{"ports":[true]}"#, .ports),
        (#"{"ports":[[1]]}"#, .ports), (#"{"ports":[null]}"#, .ports), (#"{"ports":[1e999]}"#, .ports),
        (#"{"tcp":"true"}"#, .tcp), (#"{"tcp":1}"#, .tcp), (#"{"tcp":[]}"#, .tcp),
        (#"{"device":"x"}"#, .device), (#"{"device":[]}"#, .device), (#"{"device":{"id":7}}"#, .device),
        (#"{"device":{"hostname":{}}}"#, .device), (#"{"sub":7}"#, .subject), (#"{"sub":["a"]}"#, .subject),
        (#"{"exp":"200"}"#, .expiry), (#"{"exp":true}"#, .expiry), (#"{"exp":[200]}"#, .expiry),
        (#"{"exp":{}}"#, .expiry), (#"{"exp":1e999}"#, .expiry), (#"{"nbf":"1"}"#, .notBefore),
    ])
    func aClaimOfTheWrongKindIsNamed(json: String, claim: TokenClaimName) {
        #expect(throws: TokenError.malformedClaim(claim)) { _ = try self.read(json) }
    }

    @Test(arguments: [
        #"{"iat":"yesterday"}"#, #"{"iat":[]}"#, #"{"iat":{}}"#, #"{"aud":7}"#, #"{"aud":[{},[],null]}"#,
        #"{"iss":1795475849,"jti":[[[]]],"scope":{"deep":{"deeper":[{}]}}}"#,
    ])
    func claimsThatAreNotCheckedMayBeAnything(json: String) throws {
        let claims = try self.read(json)
        #expect(claims == TokenClaims())
    }

    @Test(arguments: ["", "{", "[]", "7", "null", "\"x\"", "{}x", #"{"a":}"#, #"{"a":1,,}"#, "\u{FEFF}"])
    func whatIsNoObjectIsRefused(json: String) {
        #expect(throws: TokenError.malformedClaims) { _ = try self.read(json) }
    }

    @Test(arguments: ["", ".", "-.*", "a..test", "a b.test", "ä.test", "*.", "*a.test", "a.*.test", "**", "*.*.test"])
    func aNameThatIsNoneIsRefusedByName(name: String) {
        #expect { _ = try self.read(#"{"domains":["good.test","\#(name)"]}"#) } throws: { error in
            guard case .invalidName(let quoted)? = error as? TokenError else { return false }
            return quoted.utf8.count == name.utf8.count
        }
    }

    @Test
    func aQuotedNameIsShortAndPrintable() {
        let long = String(repeating: "x", count: 300)
        let cut = String(repeating: "x", count: TokenError.longestQuote) + "…"
        #expect(throws: TokenError.invalidName(cut)) { _ = try self.read(#"{"domains":["\#(long)"]}"#) }
        #expect(throws: TokenError.invalidName("a?[31m.test")) {
            _ = try self.read(#"{"domains":["a\u001b[31m.test"]}"#)
        }
    }

    @Test(arguments: ["0", "-1", "65536", "1.5", "1e40", "\"0\"", "\"ssh\"", "\"10-9\"", "\"\"", "\"5050 \""])
    func aPortThatIsNoneIsRefused(port: String) {
        #expect { _ = try self.read(#"{"ports":[22,\#(port)]}"#) } throws: { error in
            if case .invalidPort? = error as? TokenError { true } else { false }
        }
    }

    @Test
    func asManyNamesAndPortsAsTheLimitAreReadAndOneMoreIsNot() throws {
        func names(_ count: Int) -> String {
            #"{"domains":[\#((0..<count).map { "\"n\($0).test\"" }.joined(separator: ","))]}"#
        }
        func ports(_ count: Int) -> String {
            #"{"ports":[\#((1...count).map(String.init).joined(separator: ","))]}"#
        }
        #expect(try self.read(names(512)).domains.count == 512)
        #expect(throws: TokenError.tooMany(.domains, actual: 513, limit: 512)) { _ = try self.read(names(513)) }
        #expect(throws: TokenError.tooMany(.domains, actual: 1500, limit: 512)) { _ = try self.read(names(1500)) }
        #expect(try self.read(ports(256)).ports.count == 256)
        #expect(throws: TokenError.tooMany(.ports, actual: 257, limit: 256)) { _ = try self.read(ports(257)) }
    }

    @Test
    func textThatGoesIntoEveryLogLineHasALimit() throws {
        let longest = String(repeating: "s", count: 255)
        #expect(try self.read(#"{"sub":"\#(longest)"}"#).subject == longest)
        #expect(throws: TokenError.claimTooLong(.subject, actual: 256, limit: 255)) {
            _ = try self.read(#"{"sub":"\#(longest)s"}"#)
        }
        #expect(throws: TokenError.claimTooLong(.device, actual: 256, limit: 255)) {
            _ = try self.read(#"{"device":{"id":"\#(longest)s"}}"#)
        }
    }

    @Test(arguments: [
        ("200", 200), ("200.0", 200), ("199.01", 200), ("-0.5", 0), ("2e2", 200), ("-7", -7), ("0", 0),
        ("1e300", Int.max), ("-1e300", Int.min), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
        ("99999999999999999999999", Int.max),
    ])
    func timesAreWholeSecondsRoundedUp(text: String, seconds: Int) throws {
        #expect(try self.read(#"{"exp":\#(text)}"#).expiry == seconds)
        #expect(try self.read(#"{"nbf":\#(text)}"#).notBefore == seconds)
    }

    @Test
    func ofAClaimWrittenTwiceOneIsRead() throws {
        let claims = try self.read(#"{"domains":["a.test"],"domains":["b.test"]}"#)
        #expect(claims.domains == self.patterns("a.test") || claims.domains == self.patterns("b.test"))
        #expect(claims.domains.count == 1)
    }

    @Test
    func everyTruncationIsRefused() throws {
        let json = [UInt8](#"{"domains":["a.test","*.b.test"],"ports":["5-6"],"device":{"id":"x"},"exp":1.5e3}"#.utf8)
        _ = try TokenClaims(json: json)
        for length in 0..<json.count {
            #expect(throws: TokenError.malformedClaims) { _ = try TokenClaims(json: [UInt8](json[..<length])) }
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func noDepthOfNestingIsTooMuch(opening: String) {
        for claim in ["domains", "device", "exp", "other"] {
            let json = "{\"\(claim)\":" + String(repeating: opening, count: 12_000 / opening.utf8.count)
            #expect(throws: TokenError.malformedClaims) { _ = try self.read(json) }
        }
    }

    @Test
    func deepNestingThatTheParserReadsIsAClaimOfTheWrongKind() {
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(throws: TokenError.malformedClaim(.domains)) { _ = try self.read(#"{"domains":\#(deep)}"#) }
        #expect(throws: TokenError.malformedClaim(.expiry)) { _ = try self.read(#"{"exp":\#(deep)}"#) }
    }
}
