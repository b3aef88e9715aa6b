import EdgeFuzzing
import Foundation
import Testing

@Suite("What fuzzing has taught", .timeLimit(.minutes(2)))
struct CorpusTests {
    @Test(arguments: CorpusFile.all)
    func everyFileKeepsEveryPromise(file: CorpusFile) throws {
        try file.target.feed(file.bytes())
    }

    @Test(arguments: FuzzTarget.allCases)
    func everyTargetHasACorpusAndAnExecutable(target: FuzzTarget) {
        #expect(!CorpusFile.names(target.rawValue).isEmpty)
        let source = CorpusFile.folder.appendingPathComponent("../Fuzz\(target.rawValue)/Fuzz\(target.rawValue).swift")
        #expect(FileManager.default.fileExists(atPath: source.standardizedFileURL.path))
    }

    @Test
    func everyCorpusHasATarget() {
        #expect(Set(CorpusFile.names()) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
