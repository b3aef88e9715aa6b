import EdgeTypes
import Glibc

/// A socket's address in the kernel's form.
struct SocketAddress {
    /// Bytes of a path that fit the kernel's form, its closing zero left out (unix(7)).
    static let longestPath = 107
    /// Room for any address: 128 bytes.
    static let capacity = MemoryLayout<sockaddr_storage>.size
    /// Where a path begins, and the length of the address of a Unix socket without a name.
    private static let pathOffset = 2

    private var storage = sockaddr_storage()
    private var length: socklen_t

    /// The address of a TCP socket.
    init(_ address: NetworkAddress, port: UInt16) {
        self.length = socklen_t(address.isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutableBytes(of: &self.storage) { bytes in
            bytes.storeBytes(of: sa_family_t(address.isIPv4 ? AF_INET : AF_INET6), as: sa_family_t.self)
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            if address.isIPv4 {
                bytes.storeBytes(
                    of: UInt32(truncatingIfNeeded: address.low).bigEndian,
                    toByteOffset: 4,
                    as: UInt32.self
                )
            } else {
                bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 8, as: UInt64.self)
                bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 16, as: UInt64.self)
            }
        }
    }

    /// The address of a Unix socket; a path that begins with `@` is in the abstract namespace (unix(7)).
    init(path: String) throws(SystemError) {
        var bytes = Array(path.utf8)
        guard bytes.count <= Self.longestPath else {
            throw .pathTooLong(path: path, actual: bytes.count, limit: Self.longestPath)
        }
        let isAbstract = bytes.first == 0x40
        if isAbstract { bytes[0] = 0 }
        self.length = socklen_t(Self.pathOffset + bytes.count + (isAbstract ? 0 : 1))
        withUnsafeMutableBytes(of: &self.storage) { target in
            target.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
            for (offset, byte) in bytes.enumerated() { target[Self.pathOffset + offset] = byte }
        }
    }

    /// The address that a descriptor is bound to.
    init(boundTo descriptor: Int32) throws(SystemError) {
        var length = socklen_t(Self.capacity)
        let result = withUnsafeMutablePointer(to: &self.storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw SystemError(code: errno, operation: "ask the address of", subject: "a socket") }
        self.length = length
    }

    /// The address family: `AF_INET`, `AF_INET6` or `AF_UNIX`.
    var family: Int32 { Int32(self.storage.ss_family) }

    /// Address and port; ``PeerAddress/local`` for a Unix socket.
    var peer: PeerAddress {
        withUnsafeBytes(of: self.storage) { Self.peer($0) }
    }

    /// The path of a Unix socket; nil for any other, and for one without a name.
    var path: String? {
        guard self.family == AF_UNIX, Int(self.length) > Self.pathOffset else { return nil }
        return withUnsafeBytes(of: self.storage) { bytes in
            var text = Array(bytes[Self.pathOffset..<min(bytes.count, Int(self.length))])
            let isAbstract = text.first == 0
            if isAbstract { text[0] = 0x40 }
            return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Lends the address to a system call.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: self.storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, self.length) }
        }
    }

    /// Reads address and port from the kernel's form; ``PeerAddress/local`` for any family but IPv4 and IPv6.
    static func peer(_ bytes: UnsafeRawBufferPointer) -> PeerAddress {
        switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let address = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            return PeerAddress(address: NetworkAddress(ipv4: address), port: self.port(bytes))
        case AF_INET6:
            let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return PeerAddress(address: NetworkAddress(high: high, low: low), port: self.port(bytes))
        default:
            return .local
        }
    }

    private static func port(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
}
