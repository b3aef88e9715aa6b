import Testing

@Suite
struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func theVectorsOfRFC4648ComeOutWithoutPadding(plain: String, text: String) {
        #expect(Minting.encode([UInt8](plain.utf8)) == text)
        #expect(Minting.decode(text) == [UInt8](plain.utf8))
    }

    @Test
    func theLastTwoCharactersAreThoseOfTheURLAlphabet() {
        #expect(Minting.encode([0xFB, 0xFF]) == "-_8")
        #expect(Minting.decode("-_8") == [0xFB, 0xFF])
        #expect(Minting.decode("+/8") == nil)
    }

    @Test(arguments: ["A", "AAAAA", "Zg==", "Zg=", "Zm9v\n", " Zm9v", "Zm 9", "Zm9é", "Zm9.", "\u{0}AAA"])
    func whatTheEncoderNeverWritesIsRefused(text: String) {
        #expect(Minting.decode(text) == nil)
    }

    @Test(arguments: ["Zh", "Zm9=", "Zm-", "-_9"])
    func bitsLeftOverAtTheEndAreRefused(text: String) {
        #expect(Minting.decode(text) == nil)
    }

    @Test
    func everyLengthAndEveryByteSurvives() {
        var numbers = SeededNumbers(seed: 1)
        for length in 0...300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            #expect(Minting.decode(Minting.encode(bytes)) == bytes)
        }
    }
}
