import EdgeConfiguration
import Testing

@Suite
struct SecretTests {
    @Test
    func aSecretPrintsAsDotsWhereverItIsPrinted() {
        let secret = Secret("abc123")
        let entry = SecretConfiguration(file: "secret", inline: secret)
        var dumped = ""
        dump(entry, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(entry)", String(reflecting: entry), dumped] {
            #expect(!text.contains("abc123"))
            #expect(!text.contains("97"))
        }
        #expect("\(secret)" == "••••••")
        #expect("\(Secret(""))" == "••••••")
    }

    @Test(arguments: [("abc123\n", "abc123"), ("abc123\r\n", "abc123"), ("a b\n\n", "a b"), ("\n", ""), ("", "")])
    func aFilesLastLineFeedIsNoPartOfItsSecret(contents: String, expected: String) {
        let secret = Secret(fileContents: Array(contents.utf8))
        #expect(secret.bytes == Array(expected.utf8))
        #expect(secret.isEmpty == expected.isEmpty)
    }
}
