import EdgeTokens
import EdgeTypes
import Testing

@Suite
struct SigningKeyTests {
    private func mayGrant(_ domains: [String], _ granted: String) throws -> Bool {
        let key = SigningKey(id: "k", secret: Minting.secret, domains: domains.compactMap { HostnamePattern($0) })
        return key.mayGrant(try #require(HostnamePattern(granted)))
    }

    @Test(arguments: [
        ([], "a.test", true), ([], "*", true),
        (["a.test"], "a.test", true), (["a.test"], "A.TEST", true), (["a.test"], "b.test", false),
        (["a.test"], "x.a.test", false), (["a.test"], "*.a.test", false), (["a.test"], "*", false),
        (["*.a.test"], "x.a.test", true), (["*.a.test"], "y.x.a.test", true), (["*.a.test"], "a.test", false),
        (["*.a.test"], "*.a.test", true), (["*.a.test"], "*.x.a.test", true), (["*.a.test"], "*.test", false),
        (["*.a.test"], "xa.test", false), (["*.a.test"], "*.xa.test", false), (["*.a.test"], "*", false),
        (["a.test", "*.a.test"], "a.test", true), (["a.test", "*.b.test"], "c.b.test", true), (["*"], "*", true),
        (["*"], "*.a.test", true),
    ])
    func aKeyGrantsOnlyWhatItsDomainsHold(domains: [String], granted: String, expected: Bool) throws {
        #expect(try self.mayGrant(domains, granted) == expected)
    }

    @Test
    func aKeyPrintsAsDots() {
        let key = SigningKey(id: "main", kid: "k", secret: [UInt8]("open sesame".utf8))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(describing: [key]), dumped] {
            #expect(text.contains("main"))
            #expect(!text.contains("sesame"))
            #expect(!text.contains("111"), "no byte of the secret either")
        }
    }

    @Test
    func aShortSecretIsToldFromALongOne() {
        #expect(SigningKey(id: "k", secret: [UInt8](repeating: 1, count: 31)).isShort)
        #expect(!SigningKey(id: "k", secret: [UInt8](repeating: 1, count: 32)).isShort)
    }

    @Test
    func keysOfOneSecretAreFound() {
        #expect(SigningKey(id: "a", secret: [1, 2]).hasSameSecret(as: SigningKey(id: "b", kid: "b", secret: [1, 2])))
        #expect(!SigningKey(id: "a", secret: [1, 2]).hasSameSecret(as: SigningKey(id: "a", secret: [1])))
    }
}
