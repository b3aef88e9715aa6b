import CSystemCalls
import Glibc

/// What systemd hands over, and what it wants to be told (sd_listen_fds(3), sd_notify(3)).
package struct ServiceManager: Sendable {
    /// What the service manager is told.
    package enum Notice: Sendable, Hashable {
        /// The service serves: `READY=1`.
        case ready
        /// The service reads its configuration again, and says ready after it: `RELOADING=1` and the time.
        case reloading
        /// The service ends: `STOPPING=1`.
        case stopping
        /// One line for an operator who looks: `STATUS=`.
        case status(String)
    }

    /// A descriptor that was handed over.
    package struct InheritedDescriptor: Sendable, Hashable {
        /// The descriptor.
        package let descriptor: Int32
        /// The name it was handed over by; `unknown` where none was given.
        package let name: String
    }

    /// The first descriptor that is handed over (SD_LISTEN_FDS_START).
    private static let firstDescriptor: Int32 = 3
    /// Most descriptors believed in, so that a wrong number cannot make the list long.
    private static let mostDescriptors: Int32 = 4096

    private let socket: String

    /// The service manager that started this process; nil when none listens.
    ///
    /// - Parameter socket: where it listens; by default what the environment says in `NOTIFY_SOCKET`.
    package init?(socket: String? = Self.environment("NOTIFY_SOCKET")) {
        // A path or a name in the abstract namespace; other kinds belong to virtual machines.
        guard let socket, socket.hasPrefix("/") || socket.hasPrefix("@") else { return nil }
        self.socket = socket
    }

    /// Tells the service manager.
    ///
    /// - Parameter notice: what is so from now on.
    /// - Throws: ``SystemError`` when it does not listen; the service goes on all the same.
    package func notify(_ notice: Notice) throws(SystemError) {
        let address = try SocketAddress(path: self.socket)
        let descriptor = CSystemCalls_socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "notify", subject: self.socket) }
        defer { _ = close(descriptor) }
        let message = Array(Self.message(notice, at: Self.monotonicMicroseconds()).utf8)
        let sent = address.withPointer { pointer, length in
            sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
        guard sent == message.count else { throw SystemError(code: errno, operation: "notify", subject: self.socket) }
    }

    /// The text of a notice.
    ///
    /// - Parameters:
    ///   - notice: what is so.
    ///   - microseconds: the monotonic clock, in microseconds since the machine started.
    /// - Returns: lines of `NAME=value`.
    package static func message(_ notice: Notice, at microseconds: UInt64) -> String {
        switch notice {
        case .ready: "READY=1\n"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(microseconds)\n"
        case .stopping: "STOPPING=1\n"
        case .status(let text): "STATUS=\(String(text.map { $0.isNewline ? " " : $0 }))\n"
        }
    }

    /// The descriptors that were handed over to this process; they are made close-on-exec.
    ///
    /// - Returns: each with its name; none when they were meant for another process.
    package static func inheritedDescriptors() -> [InheritedDescriptor] {
        let entries = self.inheritedDescriptors(
            processID: self.environment("LISTEN_PID"),
            count: self.environment("LISTEN_FDS"),
            names: self.environment("LISTEN_FDNAMES"),
            own: getpid()
        )
        for entry in entries { _ = CSystemCalls_set_close_on_exec(entry.descriptor) }
        return entries
    }

    /// Reads the three variables that say what was handed over.
    ///
    /// - Parameters:
    ///   - processID: `LISTEN_PID`, for whom it is meant.
    ///   - count: `LISTEN_FDS`, how many.
    ///   - names: `LISTEN_FDNAMES`, joined by colons.
    ///   - own: the number of this process.
    /// - Returns: each descriptor with its name; none when the variables are not for this process.
    package static func inheritedDescriptors(
        processID: String?,
        count: String?,
        names: String?,
        own: Int32
    ) -> [InheritedDescriptor] {
        guard let processID, Int32(processID) == own else { return [] }
        guard let count = count.flatMap(Int32.init), count > 0 else { return [] }
        let names = (names ?? "").split(separator: ":", omittingEmptySubsequences: false)
        return (0..<min(count, self.mostDescriptors)).map { index in
            let name = names.indices.contains(Int(index)) ? String(names[Int(index)]) : ""
            return InheritedDescriptor(
                descriptor: self.firstDescriptor + index,
                name: name.isEmpty ? "unknown" : name
            )
        }
    }

    /// A variable of the environment; nil when it is not set.
    ///
    /// - Parameter name: the variable's name.
    /// - Returns: its value.
    package static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }

    private static func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000 &+ UInt64(time.tv_nsec / 1000)
    }
}
