import CSystemCalls
package import EdgeTypes
import Glibc

/// A connected stream socket, or one that is being connected: nonblocking, close-on-exec.
///
/// The descriptor belongs to whoever holds this value; nothing here waits.
package struct StreamSocket: Sendable {
    /// What came of a read or a write.
    package enum Outcome: Sendable, Equatable {
        /// So many bytes moved; of a read zero is the end of the peer's output.
        case moved(Int)
        /// Nothing can move now.
        case wouldBlock
        /// The connection failed, with the kernel's number.
        case failed(Int32)
    }

    /// Most parts of one write.
    package static let mostParts = 64

    /// The kernel's number for a connection that its peer has reset.
    package static let wasReset = ECONNRESET

    /// The descriptor.
    package let descriptor: Int32

    /// Takes a descriptor over.
    ///
    /// - Parameter descriptor: a stream socket: nonblocking, close-on-exec.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Reads what is there.
    ///
    /// - Parameter bytes: where to; not empty.
    /// - Returns: how many bytes were read.
    package func read(into bytes: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = recv(self.descriptor, bytes.baseAddress, bytes.count, 0)
            if count >= 0 { return .moved(count) }
            if errno != EINTR { return Self.failure(errno) }
        }
    }

    /// Writes as much as the kernel takes.
    ///
    /// - Parameter bytes: what to write; not empty.
    /// - Returns: how many bytes were taken.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let count = send(self.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .moved(count) }
            if errno != EINTR { return Self.failure(errno) }
        }
    }

    /// Writes as much of several parts as the kernel takes, in one call.
    ///
    /// - Parameters:
    ///   - count: how many parts, at most ``mostParts``.
    ///   - part: the bytes of a part, which stay where they are until this returns.
    /// - Returns: how many bytes of all were taken.
    package func write(parts count: Int, _ part: (Int) -> UnsafeRawBufferPointer) -> Outcome {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: count) { vectors in
            for index in 0..<count {
                let bytes = part(index)
                vectors[index] = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    iov_len: bytes.count
                )
            }
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = count
            while true {
                let count = sendmsg(self.descriptor, &message, Int32(MSG_NOSIGNAL))
                if count >= 0 { return .moved(count) }
                if errno != EINTR { return Self.failure(errno) }
            }
        }
    }

    /// Ends our output: the peer reads its end after what was written.
    package func finishWriting() {
        _ = shutdown(self.descriptor, Int32(SHUT_WR))
    }

    /// Makes the close a reset (RST) that discards what waits.
    package func resetOnClose() {
        var never = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &never, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes the descriptor.
    package func close() {
        _ = Glibc.close(self.descriptor)
    }

    /// The failure that the kernel keeps for the socket, and forgets when it is asked; zero when there is none.
    package func takeFailure() -> Int32 {
        SocketOptions.get(SOL_SOCKET, SO_ERROR, of: self.descriptor) ?? 0
    }

    /// Begins to connect over TCP.
    ///
    /// - Parameters:
    ///   - address: where to.
    ///   - port: its port.
    /// - Returns: the socket; writable once it is connected or has failed, which ``takeFailure()`` tells.
    /// - Throws: ``SystemError`` when the kernel refuses at once.
    package static func connecting(to address: NetworkAddress, port: UInt16) throws(SystemError) -> StreamSocket {
        let socket = try self.connecting(to: SocketAddress(address, port: port), named: "\(address) port \(port)")
        // What goes out is flushed whole: to wait for more would only be late.
        _ = try? SocketOptions.setNoDelay(true, on: socket.descriptor)
        return socket
    }

    /// Begins to connect to a Unix domain socket.
    ///
    /// - Parameter path: its path; one that begins with `@` is in the abstract namespace (unix(7)).
    /// - Returns: the socket, as of TCP.
    /// - Throws: ``SystemError`` when the kernel refuses at once.
    package static func connecting(toPath path: String) throws(SystemError) -> StreamSocket {
        try self.connecting(to: try SocketAddress(path: path), named: path)
    }

    private static func connecting(
        to address: SocketAddress,
        named subject: String
    ) throws(SystemError) -> StreamSocket {
        let descriptor = CSystemCalls_socket(address.family, Int32(SOCK_STREAM.rawValue), 1)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "connect to", subject: subject) }
        let result = address.withPointer { connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS || errno == EINTR else {
            let error = SystemError(code: errno, operation: "connect to", subject: subject)
            _ = Glibc.close(descriptor)
            throw error
        }
        return StreamSocket(descriptor: descriptor)
    }

    private static func failure(_ code: Int32) -> Outcome {
        code == EAGAIN ? .wouldBlock : .failed(code)
    }
}
