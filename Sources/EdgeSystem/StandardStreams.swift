import Glibc

/// The process's own streams, and files that may be pipes.
package enum StandardStreams {
    /// What reading a file gives.
    package struct Content: Sendable {
        /// The bytes.
        package let bytes: [UInt8]
        /// The permission bits of what was read, as they were while it was open.
        package let mode: UInt32
        /// Whether it is a regular file: a pipe's mode says nothing.
        package let isRegularFile: Bool
    }

    /// Writes text to standard error, in one call where the kernel takes it whole, so that lines do not mix.
    ///
    /// What cannot be written is lost: there is nobody left to tell.
    ///
    /// - Parameter text: lines, with their ends.
    package static func writeError(_ text: String) {
        self.write(text, to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { buffer in
            var rest = UnsafeRawBufferPointer(buffer)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if written == 0 || errno != EINTR {
                    return
                }
            }
        }
    }

    /// Writes text to standard output at once.
    ///
    /// - Parameter text: lines, with their ends.
    package static func writeOutput(_ text: String) {
        self.write(text, to: STDOUT_FILENO)
    }

    /// Tells a person something without ending the command.
    ///
    /// - Parameter text: one sentence.
    package static func warn(_ text: String) {
        self.writeError("rvpn: warning: \(text)\n")
    }

    /// Reads a file or a pipe, at most so many bytes of it.
    ///
    /// - Parameters:
    ///   - path: a path, or `-` for standard input.
    ///   - limit: how many bytes to read; what follows stays unread.
    /// - Returns: what is there.
    /// - Throws: a ``SystemError`` that names the path.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> Content {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, errno) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
            if count == 0 { break }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw Self.failure(path, code)
            }
            bytes += chunk[..<count]
        }
        return Content(
            bytes: bytes,
            mode: status.st_mode & 0o7777,
            isRegularFile: status.st_mode & S_IFMT == S_IFREG
        )
    }

    private static func failure(_ path: String, _ code: Int32) -> SystemError {
        SystemError(code: code, operation: "read", subject: path == "-" ? "standard input" : path)
    }
}
