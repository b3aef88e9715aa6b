import CSystemCalls
import Glibc

/// The kernel's list of what is ready (epoll(7)), for one thread.
package struct EventQueue: ~Copyable {
    /// Something to read.
    package static let readable = UInt32(EPOLLIN.rawValue)
    /// Room to write.
    package static let writable = UInt32(EPOLLOUT.rawValue)
    /// The peer will send no more.
    package static let ended = UInt32(EPOLLRDHUP.rawValue) | UInt32(EPOLLHUP.rawValue)
    /// The connection failed.
    package static let failed = UInt32(EPOLLERR.rawValue)
    /// Told once per change, not for as long as it holds.
    package static let once = UInt32(EPOLLET.rawValue)

    /// Most events taken at a time: enough that the call's own cost vanishes.
    private static let capacity = 512

    private let descriptor: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// Opens a queue.
    ///
    /// - Throws: ``SystemError`` when no descriptor is left.
    package init() throws(SystemError) {
        let descriptor = CSystemCalls_epoll_create()
        guard descriptor >= 0 else { throw SystemError(code: errno, operation: "make", subject: "an event queue") }
        self.descriptor = descriptor
        self.events = .allocate(capacity: Self.capacity)
        self.events.initialize(repeating: epoll_event())
    }

    deinit {
        self.events.deallocate()
        _ = close(self.descriptor)
    }

    /// Watches a descriptor; the token comes back with its events.
    ///
    /// - Parameters:
    ///   - watched: the descriptor.
    ///   - events: what for.
    ///   - token: what comes back.
    /// - Throws: ``SystemError`` when the kernel holds no more of them.
    package func add(_ watched: Int32, _ events: UInt32, token: UInt64) throws(SystemError) {
        guard CSystemCalls_epoll_control(self.descriptor, EPOLL_CTL_ADD, watched, events, token) == 0 else {
            throw SystemError(code: errno, operation: "watch", subject: "a connection")
        }
    }

    /// Watches a descriptor for other events.
    func change(_ watched: Int32, _ events: UInt32, token: UInt64) {
        _ = CSystemCalls_epoll_control(self.descriptor, EPOLL_CTL_MOD, watched, events, token)
    }

    /// Watches a descriptor no longer; its close does the same.
    ///
    /// - Parameter watched: the descriptor.
    package func remove(_ watched: Int32) {
        _ = CSystemCalls_epoll_control(self.descriptor, EPOLL_CTL_DEL, watched, 0, 0)
    }

    /// Waits until something happens.
    ///
    /// - Parameter milliseconds: for how long; -1 for ever.
    /// - Returns: how many events there are; zero after the time or a signal.
    package func wait(milliseconds: Int32) -> Int {
        Int(max(0, epoll_wait(self.descriptor, self.events.baseAddress, Int32(Self.capacity), milliseconds)))
    }

    /// An event of the last wait.
    ///
    /// - Parameter index: which of them.
    /// - Returns: what happened, and the token of its descriptor.
    package func event(_ index: Int) -> (events: UInt32, token: UInt64) {
        guard index < self.events.count, let base = self.events.baseAddress else { return (0, 0) }
        return (base[index].events, CSystemCalls_epoll_token(base + index))
    }
}
