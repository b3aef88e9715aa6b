import Foundation

/// Hellos of real programs, kept beside the project, and what an independent reader says of them.
struct HelloCorpus {
    /// One hello.
    struct Entry {
        let file: String
        let bytes: [UInt8]
        let serverName: String?
        let applicationProtocols: [String]
        let versions: [UInt16]
        let legacyVersion: UInt16
        let hasEncryptedClientHello: Bool
        let hasPostQuantumKeyShare: Bool
    }

    private struct Row: Decodable {
        let file: String
        let sni: String?
        let alpn: [String]?
        let versions: [String]
        let legacyVersion: String
        let encryptedClientHello: Bool
        let postQuantum: Bool

        enum CodingKeys: String, CodingKey {
            case file
            case sni
            case alpn
            case versions
            case legacyVersion = "legacy_version"
            case encryptedClientHello = "ech_ext"
            case postQuantum = "pq"
        }
    }

    /// The folder, where there is one.
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/clienthello").standardizedFileURL

    /// Whether the hellos are there.
    static let isPresent = FileManager.default.fileExists(atPath: Self.folder.appendingPathComponent("index.json").path)

    /// Reads every hello.
    static func entries() throws -> [Entry] {
        let index = try Data(contentsOf: Self.folder.appendingPathComponent("index.json"))
        return try JSONDecoder().decode([Row].self, from: index).map { row in
            Entry(
                file: row.file,
                bytes: [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(row.file))),
                serverName: row.sni,
                applicationProtocols: (row.alpn ?? []).map(Self.lossy),
                versions: row.versions.compactMap { UInt16($0, radix: 16) }.filter { $0 & 0x0F0F != 0x0A0A },
                legacyVersion: UInt16(row.legacyVersion, radix: 16) ?? 0,
                hasEncryptedClientHello: row.encryptedClientHello,
                hasPostQuantumKeyShare: row.postQuantum
            )
        }
    }

    /// The index has one character for each byte.
    private static func lossy(_ latin1: String) -> String {
        String(decoding: latin1.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
    }
}
