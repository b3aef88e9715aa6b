import EdgeTokens
import Testing

@Suite
struct CompactTokenTests {
    @Test
    func aTokenComesApart() throws {
        let token = try CompactToken(Minting.token(header: #"{"alg":"HS384","typ":"JWT","kid":"k1"}"#, "{}"))
        #expect(token.header.algorithm == .hs384)
        #expect(token.header.type == "JWT")
        #expect(token.header.keyID == "k1")
        #expect(!token.header.isUnsigned)
        #expect(token.payload == [UInt8]("{}".utf8))
    }

    @Test(arguments: ["", ".", "a.b", "a.b.c.d", "....", "no dots at all"])
    func anythingButThreePartsIsRefused(text: String) {
        #expect(throws: TokenError.notThreeParts) { _ = try CompactToken(text) }
    }

    @Test
    func thePartThatIsNotBase64URLIsNamed() {
        let parts = Minting.token("{}").split(separator: ".").map(String.init)
        #expect(throws: TokenError.notBase64URL(.header)) { _ = try CompactToken("e*.\(parts[1]).\(parts[2])") }
        #expect(throws: TokenError.notBase64URL(.payload)) { _ = try CompactToken("\(parts[0]).e=.\(parts[2])") }
        #expect(throws: TokenError.notBase64URL(.signature)) { _ = try CompactToken("\(parts[0]).\(parts[1]).\n") }
    }

    @Test
    func theLongestTokenIsReadAndOneByteMoreIsNot() throws {
        let start = Minting.token("{}").split(separator: ".")[0] + "."
        let room = CompactToken.maximumLength - start.utf8.count - 1
        let longest =
            start + String(repeating: "A", count: room / 4 * 4) + "." + String(repeating: "A", count: room % 4)
        #expect(longest.utf8.count == CompactToken.maximumLength)
        _ = try CompactToken(longest)
        let longer = String(repeating: "A", count: CompactToken.maximumLength + 1)
        #expect(throws: TokenError.tooLong(actual: 16385, limit: 16384)) { _ = try CompactToken(longer) }
    }

    @Test(arguments: [
        "", "{", "[]", "1", "null", "\"HS256\"", "{}", #"{"alg":256}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#,
        #"{"typ":"JWT"}"#, #"{"alg":"HS256""#,
    ])
    func aHeaderWithoutAnAlgorithmIsRefused(header: String) {
        #expect(throws: TokenError.malformedHeader) { _ = try CompactToken(Minting.token(header: header, "{}")) }
    }

    @Test
    func extensionsThatMustBeUnderstoodAreRefused() {
        let token = Minting.token(header: #"{"alg":"HS256","crit":["b64"],"b64":false}"#, "{}")
        #expect(throws: TokenError.criticalExtension) { _ = try CompactToken(token) }
    }

    @Test
    func aKeyIDThatIsNoStringCountsAsNone() throws {
        let token = try CompactToken(Minting.token(header: #"{"alg":"HS256","kid":7,"typ":{}}"#, "{}"))
        #expect(token.header.keyID == nil)
        #expect(token.header.type == nil)
    }
}
