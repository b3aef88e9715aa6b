import Foundation

/// Where the package lies, and the program that the journeys start.
package enum ProductBinary {
    /// The package's root folder.
    package static let packageRoot: String = {
        var path = #filePath as NSString
        for _ in 0..<3 { path = path.deletingLastPathComponent as NSString }
        return path as String
    }()

    /// Whether the program was built for release: its sizes and numbers are then the full ones.
    package static var isRelease: Bool { self.path?.contains("/release/") ?? false }

    /// The program: `RVPN_BINARY`, or what the build left in `.build/debug`; nil where neither is there.
    package static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let path = environment["RVPN_BINARY"] ?? ProductBinary.packageRoot + "/.build/debug/rvpn"
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
        return (path as NSString).resolvingSymlinksInPath
    }()

    /// The program.
    ///
    /// - Returns: its path.
    /// - Throws: ``JourneyFailure`` that says how to get it.
    package static func required() throws -> String {
        guard let path = self.path else {
            throw JourneyFailure("no program to test: run `swift build`, or set RVPN_BINARY to an rvpn that exists")
        }
        return path
    }

    /// Recordings of old clients beside the package; nil where they are not there.
    package static let transcripts: String? = {
        let path = (ProductBinary.packageRoot as NSString).deletingLastPathComponent + "/shared/transcripts"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}
