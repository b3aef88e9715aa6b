import EdgeOpenSSL
import Testing

@Suite
struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func theStandardsVectorsAreMet(plain: String, encoded: String) {
        let bytes = Array(plain.utf8)
        #expect(base64(bytes) == encoded)
    }

    @Test
    func everyCharacterOfTheAlphabetIsTheStandardOne() {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xFE]
        #expect(base64(bytes) == "+//+")
    }
}
