import EdgeConfiguration
import FoundationEssentials

/// What `certs/make` made, by absolute path.
struct DemoCertificates: Sendable {
    private static let names = [
        "ca.pem", "relay-ec.pem", "relay-ec.key", "relay-rsa.pem", "relay-rsa.key", "site.pem", "site.key", "secret",
    ]

    /// The folder.
    let folder: String

    /// Checks that everything is there.
    ///
    /// - Parameter folder: the folder, absolute or relative to the process.
    /// - Throws: ``DemoFailure/noCertificates(path:)``.
    init(_ folder: String) throws(DemoFailure) {
        let isAbsolute = folder.hasPrefix("/")
        self.folder = isAbsolute ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
        for name in Self.names where !FileManager.default.isReadableFile(atPath: self.path(name)) {
            throw .noCertificates(path: self.path(name))
        }
    }

    /// The authority that signed all of them.
    var authority: String { self.path("ca.pem") }

    /// Where one of the files is.
    func path(_ name: String) -> String { "\(self.folder)/\(name)" }

    /// The bytes of the secret that signs the demo's tokens.
    ///
    /// - Returns: the bytes, without the end of the file's line.
    /// - Throws: ``DemoFailure/noCertificates(path:)``.
    func secret() throws(DemoFailure) -> [UInt8] {
        guard let contents = FileManager.default.contents(atPath: self.path("secret")) else {
            throw .noCertificates(path: self.path("secret"))
        }
        return Secret(fileContents: [UInt8](contents)).bytes
    }
}
