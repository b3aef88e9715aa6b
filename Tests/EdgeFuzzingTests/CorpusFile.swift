import EdgeFuzzing
import Foundation
import Testing

/// A file that a fuzz target reads first, because somebody wrote it, or because it once broke something.
struct CorpusFile: CustomTestStringConvertible, Sendable {
    let target: FuzzTarget
    let name: String

    /// Where the corpora are, one folder a target.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Fuzz/Corpus").standardizedFileURL

    /// All files of all targets.
    static let all = FuzzTarget.allCases.flatMap { target in
        Self.names(target.rawValue).map { CorpusFile(target: target, name: $0) }
    }

    var testDescription: String { "\(self.target.rawValue)/\(self.name)" }

    /// What a folder holds; nothing where it is not there.
    static func names(_ folder: String = "") -> [String] {
        let path = Self.folder.appendingPathComponent(folder).path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// Its bytes.
    func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: Self.folder.appendingPathComponent("\(self.target.rawValue)/\(self.name)")))
    }
}
