import EdgeTestKit
import Foundation

/// The program that counts allocations, as the build left it beside the tests.
enum MicroBenchmarkProgram {
    /// The limits.
    static let thresholds = ProductBinary.packageRoot + "/Benchmarks/thresholds.json"

    /// Whether this build counts; true too where the program is missing, so that the tests say so.
    static let counts: Bool = {
        guard let process = try? FinishedProcess(try MicroBenchmarkProgram.path(), ["--self-check"]) else {
            return true
        }
        return !process.text.contains("not counted")
    }()

    /// Its path.
    ///
    /// - Returns: the path.
    /// - Throws: ``JourneyFailure`` where the build has not made it.
    static func path() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") as NSString
        let path = tests.deletingLastPathComponent + "/MicroBenchmarks"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw JourneyFailure("\(path) is not there: `swift build --build-tests` makes it")
        }
        return path
    }

    /// Counts, without times, among fewer names than there are on a large relay: how many there are changes no count.
    ///
    /// - Parameter words: further words.
    /// - Returns: how it ended, and what it said.
    /// - Throws: ``JourneyFailure`` where it does not run.
    static func run(_ words: [String]) throws -> FinishedProcess {
        try FinishedProcess(try self.path(), ["--allocations", "--names", "2000"] + words)
    }
}
