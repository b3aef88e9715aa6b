import CSystemCalls
import Glibc

/// The file of a Unix socket, remembered by its number so that another process's file of the same name is left alone.
struct SocketFile: Sendable {
    private let path: String
    private let device: UInt64
    private let inode: UInt64

    /// The file at a path; nil when there is none, as for a name in the abstract namespace.
    init?(path: String) {
        guard let status = Self.status(path) else { return nil }
        self.path = path
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
    }

    /// Takes the file away, unless another one has its name by now.
    func remove() {
        guard let status = Self.status(self.path) else { return }
        guard UInt64(status.st_dev) == self.device, UInt64(status.st_ino) == self.inode else { return }
        _ = unlink(self.path)
    }

    /// Takes away the file of a socket at which nothing listens any more.
    ///
    /// - Throws: ``SystemError/addressInUse(endpoint:)`` when something does, ``SystemError/notASocket(path:)`` when
    ///   it is another kind of file.
    static func removeStale(_ path: String, _ address: SocketAddress) throws(SystemError) {
        guard let status = self.status(path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let descriptor = CSystemCalls_socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 1)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "look at", subject: path) }
        defer { _ = close(descriptor) }
        let result = address.withPointer { connect(descriptor, $0, $1) }
        // A full backlog says EAGAIN: somebody listens there.
        guard result != 0, errno == ECONNREFUSED else {
            if result == 0 || errno == EAGAIN { throw .addressInUse(endpoint: "unix:\(path)") }
            throw SystemError(code: errno, operation: "look at", subject: path)
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw SystemError(code: errno, operation: "replace", subject: path)
        }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}
