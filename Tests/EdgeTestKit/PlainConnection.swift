import Glibc
import Synchronization

/// A TCP connection on this machine.
package final class PlainConnection: ByteConnection, Sendable {
    private let descriptor: Int32
    private let isOpen = Mutex(true)

    /// Takes over a connected socket.
    ///
    /// - Parameter descriptor: the socket; closed with this connection.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Dials a port on this machine.
    ///
    /// - Parameters:
    ///   - port: the port on 127.0.0.1.
    ///   - source: our own port, or 0 for one that is free.
    /// - Throws: ``JourneyFailure`` when nobody listens, or our own port is taken.
    package convenience init(port: UInt16, from source: UInt16 = 0) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw JourneyFailure("no more sockets") }
        if source != 0 {
            var one: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
            guard LoopbackAddress.with(source, { bind(descriptor, $0, $1) }) == 0 else {
                Glibc.close(descriptor)
                throw JourneyFailure("port \(source) is taken")
            }
        }
        let result = LoopbackAddress.with(port) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw JourneyFailure("127.0.0.1:\(port) cannot be dialled: \(String(cString: strerror(errno)))")
        }
        self.init(descriptor: descriptor)
    }

    deinit {
        self.close()
    }

    /// Our own port.
    package var localPort: UInt16 { LoopbackAddress.port(of: self.descriptor) }

    package func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        try self.wait(POLLIN, "a byte", deadline)
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let result = recv(self.descriptor, buffer.baseAddress, count, 0)
            failure = result < 0 ? errno : 0
            filled = max(0, result)
        }
        guard failure == 0 else { throw JourneyFailure("reading failed: \(String(cString: strerror(failure)))") }
        return bytes
    }

    package func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        var offset = 0
        while offset < bytes.count {
            try self.wait(POLLOUT, "room to write", deadline)
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                return send(self.descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            guard count > 0 || errno == EAGAIN else {
                throw JourneyFailure("writing failed: \(String(cString: strerror(errno)))")
            }
            offset += max(0, count)
        }
    }

    package func finishWriting() {
        self.isOpen.withLock { isOpen in
            if isOpen { shutdown(self.descriptor, Int32(SHUT_WR)) }
        }
    }

    package func close() {
        self.isOpen.withLock { isOpen in
            if isOpen { Glibc.close(self.descriptor) }
            isOpen = false
        }
    }

    /// Ends both directions and keeps the descriptor: whoever waits on another thread wakes, and closes it.
    package func interrupt() {
        self.isOpen.withLock { isOpen in
            if isOpen { shutdown(self.descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Waits until the peer has ended, without reading what it sent before.
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: whether it has.
    package func waitForHangUp(by deadline: Deadline = Deadline()) -> Bool {
        // Linux says POLLRDHUP, whose name Glibc's module does not show.
        var entry = pollfd(fd: self.descriptor, events: 0x2000, revents: 0)
        while true {
            let result = poll(&entry, 1, deadline.milliseconds)
            if result >= 0 || errno != EINTR { return result > 0 }
        }
    }

    /// Ends the connection with a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        self.close()
    }

    private func wait(_ event: Int32, _ what: String, _ deadline: Deadline) throws {
        // A number that was given back may be somebody else's by now.
        guard self.isOpen.withLock({ $0 }) else { throw JourneyFailure("this end was closed by the test itself") }
        var entry = pollfd(fd: self.descriptor, events: Int16(event), revents: 0)
        while true {
            let result = poll(&entry, 1, deadline.milliseconds)
            if result > 0 { return }
            guard result < 0, errno == EINTR else { throw JourneyFailure("waited in vain for \(what)") }
        }
    }
}
