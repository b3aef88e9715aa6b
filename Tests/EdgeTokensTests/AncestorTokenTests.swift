import EdgeTokens
import FoundationEssentials
import Testing

/// Tokens that real clients sent, where the recordings are at hand.
@Suite
struct AncestorTokenTests {
    private static let folder: String = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return root + "/../shared/transcripts"
    }()
    private static let isRecorded = FileManager.default.fileExists(atPath: folder)

    private struct Line: Decodable {
        let text: String?
        let hex: String?
    }

    /// Every token in a file, each once.
    private static func tokens(inFile path: String) throws -> Set<String> {
        let content = try #require(FileManager.default.contents(atPath: path))
        var tokens: Set<String> = []
        for line in content.split(separator: 0x0A) {
            let line = try JSONDecoder().decode(Line.self, from: Data(line))
            let bytes = [UInt8]((line.text ?? "").utf8) + Self.bytes(hexadecimal: line.hex ?? "")
            let words = bytes.split { byte in
                !(byte == 0x2E || byte == 0x2D || byte == 0x5F || (0x30...0x39).contains(byte)
                    || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte))
            }
            for word in words where word.starts(with: [UInt8]("eyJ".utf8)) && word.count(where: { $0 == 0x2E }) == 2 {
                tokens.insert(String(decoding: word, as: UTF8.self))
            }
        }
        return tokens
    }

    private static func bytes(hexadecimal text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { byte in Character(UnicodeScalar(byte)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    @Test(.enabled(if: isRecorded, "the recordings are not beside the checkout"))
    func tokensOfEveryClientVerifyAndTheBadOnesDoNot() throws {
        let now = Minting.now
        var good = 0
        var bad = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder) where file.hasSuffix(".jsonl") {
            let isBadFile = file.contains("bad-token")
            var refused: Set<String> = []
            for token in try Self.tokens(inFile: Self.folder + "/" + file) {
                do throws(TokenError) {
                    let verified = try Minting.verifier.verify(token, at: now)
                    #expect(!isBadFile, "\(file)")
                    #expect(!verified.claims.domains.isEmpty)
                    good += 1
                } catch {
                    #expect(error == .signatureMismatch(secretsTried: 1), "\(file)")
                    refused.insert(token)
                    bad += 1
                }
            }
            if file.contains("token-api-add-delete") {
                #expect(refused.count == 1)
            } else if isBadFile {
                #expect(!refused.isEmpty, "\(file)")
            } else {
                #expect(refused.isEmpty, "\(file)")
            }
        }
        print("tokens of real clients: \(good) verified, \(bad) refused")
        #expect(good >= 10)
        #expect(bad >= 5)
    }
}
