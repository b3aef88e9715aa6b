import EdgeSystem

extension StandardStreams {
    /// Reads a file or a pipe, at most so many bytes of it.
    ///
    /// - Parameters:
    ///   - path: a path, or `-` for standard input.
    ///   - limit: how many bytes to read; what follows stays unread.
    /// - Returns: what is there.
    /// - Throws: a ``CommandFailure`` that names the path.
    static func contents(_ path: String, limit: Int) throws(CommandFailure) -> Content {
        do throws(SystemError) {
            return try self.read(path, limit: limit)
        } catch {
            throw CommandFailure(ExitCodes.configuration, "\(error)")
        }
    }
}
