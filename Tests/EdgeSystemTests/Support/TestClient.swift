import EdgeTypes
import Glibc

/// A blocking socket that dials a listener.
final class TestClient: Sendable {
    let descriptor: Int32

    /// Dials; nil when the connection is refused.
    init?(_ endpoint: SocketEndpoint) {
        var connected = false
        switch endpoint {
        case .tcp(let host, let port):
            self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            connected = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        case .unix(let path):
            self.descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            connected = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
        case .inherited:
            return nil
        }
        // A read that gets nothing for this long fails the test.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(self.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard connected else { return nil }
    }

    deinit {
        Glibc.close(self.descriptor)
    }

    /// The port that this end has.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(self.descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Sends all, unless the connection fails.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    func send(_ text: String) {
        self.send(Array(text.utf8))
    }

    /// Says that no more will be sent.
    func end() {
        shutdown(self.descriptor, Int32(SHUT_WR))
    }

    /// Ends the connection with a reset: what connecting to nowhere means to the kernel (connect(2)).
    func reset() {
        var unspecified = sockaddr()
        unspecified.sa_family = sa_family_t(AF_UNSPEC)
        connect(self.descriptor, &unspecified, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// What comes until the other side ends, and the error that ended it otherwise.
    func receiveAll() -> (bytes: [UInt8], code: Int32) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(self.descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return (bytes, count == 0 ? 0 : errno) }
            bytes += chunk[..<count]
        }
    }
}

/// Reads what is in a socket now, at most 64 KiB.
func receiveNow(_ descriptor: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return Array(bytes[..<max(0, count)])
}
