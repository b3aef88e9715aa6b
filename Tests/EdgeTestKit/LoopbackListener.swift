import Foundation
import Glibc
import Synchronization

/// A port of this machine, where each connection gets a thread.
package final class LoopbackListener: Sendable {
    /// Connections that may wait to be accepted; more than any test opens at once.
    private static let backlog: Int32 = 1024

    /// The port on 127.0.0.1.
    package let port: UInt16
    private let descriptor: Int32
    private let isStopped = Mutex(false)

    /// Listens.
    ///
    /// - Parameters:
    ///   - port: the port, or 0 for one that is free.
    ///   - serve: called on a thread of its own for each connection.
    /// - Throws: ``JourneyFailure`` when the port is taken.
    package init(port: UInt16 = 0, _ serve: @escaping @Sendable (PlainConnection) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A peer may be gone between poll(2) and accept(2), which then must not wait.
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard LoopbackAddress.with(port, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, Self.backlog) == 0
        else {
            Glibc.close(descriptor)
            throw JourneyFailure("127.0.0.1:\(port) cannot be bound: \(String(cString: strerror(errno)))")
        }
        self.descriptor = descriptor
        self.port = LoopbackAddress.port(of: descriptor)
        Thread.detachNewThread {
            while true {
                var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, -1)
                let accepted = DescriptorGate.making { [accept(descriptor, nil, nil)] }[0]
                if accepted < 0 {
                    if errno == EINTR || errno == ECONNABORTED || errno == EAGAIN { continue }
                    Glibc.close(descriptor)
                    return
                }
                let connection = PlainConnection(descriptor: accepted)
                Thread.detachNewThread { serve(connection) }
            }
        }
    }

    /// Listens no more; open connections go on.
    package func stop() {
        // Wakes accept(2), whose thread closes the descriptor; a second time it could be somebody else's.
        self.isStopped.withLock { isStopped in
            if !isStopped { shutdown(self.descriptor, Int32(SHUT_RDWR)) }
            isStopped = true
        }
    }

    deinit {
        self.stop()
    }

    /// Ports below those that Linux uses for outgoing connections, so that none of these takes one meanwhile.
    package static var quietPorts: ClosedRange<UInt16> { 31_000...32_700 }

    /// A port where nobody listens, and that no outgoing connection will have.
    ///
    /// - Parameter count: how many ports above it are free too.
    /// - Returns: the port.
    /// - Throws: ``JourneyFailure`` when none is found.
    package static func quietPort(following count: UInt16 = 0) throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: self.quietPorts)
            if (port...port + count).allSatisfy({ Self.isFree($0) }) { return port }
        }
        throw JourneyFailure("no port is free")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { Glibc.close(listener) }
        return LoopbackAddress.with(port) { bind(listener, $0, $1) } == 0
    }

    /// A port where nobody listens: bound for an instant, and free again.
    ///
    /// - Returns: the port.
    package static func freePort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { Glibc.close(listener) }
        guard LoopbackAddress.with(0, { bind(listener, $0, $1) }) == 0 else { throw JourneyFailure("no port is free") }
        return LoopbackAddress.port(of: listener)
    }
}
