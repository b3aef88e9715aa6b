import CSystemCalls
import Glibc

/// Ports of this machine.
enum Loopback {
    /// Lends 127.0.0.1 with a port as the socket calls take it.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - body: what uses it.
    /// - Returns: what the body gives.
    static func with<Result>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { pointer in
                guard let base = pointer.baseAddress else { preconditionFailure("an address of no bytes") }
                return body(base, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Listens.
    ///
    /// - Parameter port: the port; the kernel chooses for zero.
    /// - Returns: the socket, not blocking, and its port.
    /// - Throws: ``BenchmarkFailure`` where it cannot be bound.
    static func listen(_ port: UInt16 = 0) throws(BenchmarkFailure) -> (descriptor: Int32, port: UInt16) {
        let descriptor = CSystemCalls_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 1)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard Self.with(port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 4_096) == 0 else {
            close(descriptor)
            throw BenchmarkFailure("port \(port) of 127.0.0.1 cannot be bound: \(String(cString: strerror(errno)))")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Ports that were free a moment ago.
    ///
    /// - Parameter count: how many.
    /// - Returns: as many different ports.
    /// - Throws: ``BenchmarkFailure`` where there are none.
    static func freePorts(_ count: Int) throws(BenchmarkFailure) -> [UInt16] {
        var found: [(descriptor: Int32, port: UInt16)] = []
        defer { for item in found { close(item.descriptor) } }
        for _ in 0..<count { found.append(try self.listen()) }
        return found.map(\.port)
    }

    /// Whether somebody listens.
    ///
    /// - Parameter port: the port.
    /// - Returns: true when a connection is accepted.
    static func answers(_ port: UInt16) -> Bool {
        let descriptor = CSystemCalls_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return Self.with(port) { connect(descriptor, $0, $1) } == 0
    }
}
