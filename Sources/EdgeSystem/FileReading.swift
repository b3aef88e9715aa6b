import CSystemCalls
package import EdgeTypes
import Glibc

/// Reads small files whole: configuration, certificates, keys.
package enum FileReading {
    /// Most bytes read by default: no certificate chain or configuration comes near it, and a device would.
    package static let defaultLimit = ByteCount.mebibytes(16)

    /// Permission bits that let others than the owner and its group in: read, write.
    private static let others: UInt32 = 0o006

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: a file, or a pipe that ends.
    ///   - limit: most bytes to read.
    /// - Returns: its bytes.
    /// - Throws: ``SystemError/fileTooLarge(path:limit:)``, or the kernel's refusal.
    package static func read(path: String, limit: ByteCount = defaultLimit) throws(SystemError) -> [UInt8] {
        let descriptor = CSystemCalls_open(path)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "read", subject: path) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            let had = bytes.count
            let wanted = min(max(4096, had), limit.bytes - had + 1)
            var code: Int32 = 0
            bytes.append(contentsOf: repeatElement(0, count: wanted))
            let count = bytes.withUnsafeMutableBytes { buffer -> Int in
                let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + had }, wanted)
                if count < 0 { code = errno }
                return count
            }
            bytes.removeLast(wanted - max(0, count))
            if count < 0 {
                if code == EINTR { continue }
                throw SystemError(code: code, operation: "read", subject: path)
            }
            guard count > 0 else { return bytes }
            guard bytes.count <= limit.bytes else { throw .fileTooLarge(path: path, limit: limit) }
        }
    }

    /// The permission bits of a file, links followed.
    ///
    /// - Parameter path: any file.
    /// - Returns: the twelve lowest bits of its mode.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func mode(path: String) throws(SystemError) -> UInt32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(code: errno, operation: "look at", subject: path) }
        return status.st_mode & 0o7777
    }

    /// Whether users outside the file's group can read or change it.
    ///
    /// - Parameter path: a file that holds a secret.
    /// - Returns: its mode when they can, for a warning; nil when they cannot.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func modeIfOpenToOthers(path: String) throws(SystemError) -> UInt32? {
        let mode = try self.mode(path: path)
        return mode & self.others == 0 ? nil : mode
    }

    /// Whether a path is a directory, links followed.
    ///
    /// - Parameter path: any path.
    /// - Returns: true for a directory, false for anything else and for nothing.
    package static func isDirectory(path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Lists a directory.
    ///
    /// - Parameter path: a directory.
    /// - Returns: the names in it, sorted, without `.` and `..`.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func names(inDirectory path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError(code: errno, operation: "list", subject: path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
