import Glibc

/// A folder that goes with this object, and everything in it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/edge-system-XXXXXX".utf8CString)
        self.path = template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = mkdtemp(base) else { return "/nonexistent" }
            return String(cString: made)
        }
    }

    deinit {
        if let directory = opendir(self.path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                    tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink("\(self.path)/\(name)") }
            }
            closedir(directory)
        }
        rmdir(self.path)
    }

    /// Writes a file.
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) -> String {
        let path = "\(self.path)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        chmod(path, mode)
        return path
    }
}
