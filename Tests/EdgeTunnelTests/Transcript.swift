import FoundationEssentials

/// What real clients and servers said to each other, where the recordings lie beside the checkout.
enum Transcript {
    /// One line of a recording, as far as it matters here.
    struct Line: Decodable {
        let dir: String?
        let op: String?
        let hex: String?
        let len: Int?
        let header: String?
        let text: String?
        let truncated: Bool?
        let body: Int?

        enum CodingKeys: String, CodingKey {
            case dir
            case op
            case hex
            case len
            case header
            case text
            case truncated
            case body = "body_in_message"
        }

        /// The bytes of the message, or of its beginning.
        var bytes: [UInt8] {
            let digits = Array((self.hex ?? "").utf8)
            return stride(from: 0, to: digits.count - 1, by: 2).map { index in
                UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
            }
        }
    }

    /// Where the recordings are.
    private static var directory: String {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/../shared/transcripts"
    }

    /// The names of the recordings; none where they are absent.
    static let names: [String] = {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: Self.directory)) ?? []
        let names = found.filter { $0.hasSuffix(".jsonl") }.sorted()
        if names.isEmpty { print("transcripts are absent: their tests are skipped") }
        return names
    }()

    /// The lines of a recording.
    static func lines(of name: String) throws -> [Line] {
        let data = try Data(contentsOf: URL(filePath: "\(Self.directory)/\(name)"))
        return try data.split(separator: 0x0A).map { try JSONDecoder().decode(Line.self, from: Data($0)) }
    }
}
