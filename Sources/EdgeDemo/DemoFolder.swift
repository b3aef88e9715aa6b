import FoundationEssentials

/// The one place that the demo writes to: a folder for its own user, gone when it ends.
struct DemoFolder: Sendable {
    private static let onlyOwner = 0o700

    /// Where it is.
    let path: String

    /// Makes the folder.
    ///
    /// - Throws: ``DemoFailure/noFolder(path:)``.
    init() throws(DemoFailure) {
        let manager = FileManager.default
        // Short, since the path of a socket holds 107 bytes at most (unix(7)).
        let name = "rvpn-demo-\(UInt32.random(in: .min ... .max))"
        self.path = manager.temporaryDirectory.appending(path: name).path()
        do {
            try manager.createDirectory(
                atPath: self.path,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: Self.onlyOwner]
            )
        } catch {
            throw .noFolder(path: self.path)
        }
    }

    /// The plain site's socket.
    var site: String { "\(self.path)/site.sock" }

    /// The socket where the site's own TLS ends.
    var secureSite: String { "\(self.path)/site-tls.sock" }

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - name: what it is called in the folder.
    ///   - text: what it holds.
    /// - Returns: its path.
    /// - Throws: ``DemoFailure/noFolder(path:)``.
    func write(_ name: String, _ text: String) throws(DemoFailure) -> String {
        let file = "\(self.path)/\(name)"
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
            throw .noFolder(path: file)
        }
        return file
    }

    /// Removes the folder with all that is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}
