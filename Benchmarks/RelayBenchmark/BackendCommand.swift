import ArgumentParser
import Foundation

/// The backend's process.
struct BackendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "backend", shouldDisplay: false)

    @Option
    var chain: String

    @Option
    var key: String

    func run() throws {
        let texts = try [self.chain, self.key].map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
        var backend = try Backend(chain: texts[0], key: texts[1])
        print(backend.announcement)
        fflush(nil)
        backend.run()
    }
}
