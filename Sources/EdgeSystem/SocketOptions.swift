import Glibc

/// Options of a socket, by descriptor.
package enum SocketOptions {
    /// Sends small segments at once, or waits to fill them.
    ///
    /// - Parameters:
    ///   - isOn: whether TCP_NODELAY is on.
    ///   - descriptor: a TCP socket.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func setNoDelay(_ isOn: Bool, on descriptor: Int32) throws(SystemError) {
        try self.set(Int32(IPPROTO_TCP), TCP_NODELAY, isOn ? 1 : 0, on: descriptor)
    }

    /// Has the kernel ask a silent peer whether it is there.
    ///
    /// - Parameters:
    ///   - keepAlive: when to ask and when to give up; nil turns it off.
    ///   - descriptor: a TCP socket.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func setKeepAlive(_ keepAlive: KeepAlive?, on descriptor: Int32) throws(SystemError) {
        try self.set(SOL_SOCKET, SO_KEEPALIVE, keepAlive == nil ? 0 : 1, on: descriptor)
        guard let keepAlive else { return }
        let tcp = Int32(IPPROTO_TCP)
        try self.set(tcp, TCP_KEEPIDLE, self.seconds(keepAlive.idle), on: descriptor)
        try self.set(tcp, TCP_KEEPINTVL, self.seconds(keepAlive.interval), on: descriptor)
        try self.set(tcp, TCP_KEEPCNT, Int32(clamping: max(1, keepAlive.count)), on: descriptor)
    }

    /// Ends a connection whose data the peer has not acknowledged for a time (RFC 5482, `TCP_USER_TIMEOUT`).
    ///
    /// - Parameters:
    ///   - timeout: how long data may stay unacknowledged, in whole milliseconds; zero is the kernel's own rule.
    ///   - descriptor: a TCP socket.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func setUserTimeout(_ timeout: Duration, on descriptor: Int32) throws(SystemError) {
        let milliseconds = Int32(clamping: timeout.wholeMilliseconds)
        try self.set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, milliseconds, on: descriptor)
    }

    /// Sets one option that is a number.
    static func set(_ level: Int32, _ option: Int32, _ value: Int32, on descriptor: Int32) throws(SystemError) {
        var value = value
        let result = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        guard result == 0 else {
            throw SystemError(code: errno, operation: "set option \(option) of", subject: "a socket")
        }
    }

    /// Reads one option that is a number; nil when the kernel refuses.
    static func get(_ level: Int32, _ option: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, level, option, &value, &length) == 0 else { return nil }
        return value
    }

    /// Whole seconds, at least one.
    private static func seconds(_ duration: Duration) -> Int32 {
        Int32(clamping: max(1, duration.components.seconds))
    }
}
