import EdgeOpenSSL
import Testing

@Suite
struct MessageAuthenticationCodeTests {
    /// One test case of RFC 4231 §4.
    struct Vector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let sha256: String
        let sha384: String
        let sha512: String
    }

    /// RFC 4231 §4.2, §4.3 and §4.7 (a key longer than the block).
    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha384: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
        Vector(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha384: "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
    ]

    @Test(arguments: Self.vectors)
    func theStandardsVectorsAreMet(vector: Vector) {
        for (algorithm, expected) in [
            (MessageAuthenticationCode.Algorithm.sha256, vector.sha256), (.sha384, vector.sha384),
            (.sha512, vector.sha512),
        ] {
            let code = MessageAuthenticationCode.compute(algorithm, key: vector.key, message: vector.message.span.bytes)
            #expect(hexadecimal(code) == expected)
            #expect(code.count == algorithm.length)
        }
    }

    @Test
    func anEmptyKeyAndMessageHaveACode() {
        let nothing: [UInt8] = []
        let code = MessageAuthenticationCode.compute(.sha256, key: [], message: nothing.span.bytes)
        #expect(hexadecimal(code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test
    func onlyTheSameBytesAreEqual() {
        let left: [UInt8] = [1, 2, 3]
        let same: [UInt8] = [1, 2, 3]
        let other: [UInt8] = [1, 2, 4]
        let longer: [UInt8] = [1, 2, 3, 0]
        #expect(areEqual(left, same))
        #expect(!areEqual(left, other))
        #expect(!areEqual(left, longer))
    }

    @Test
    func twoAbsentCodesAreNotEqual() {
        let nothing: [UInt8] = []
        #expect(!areEqual(nothing, nothing))
    }
}
