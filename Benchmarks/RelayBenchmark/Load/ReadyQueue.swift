import CSystemCalls
import Glibc

/// The kernel's list of descriptors that are ready (epoll(7)), for one thread.
final class ReadyQueue {
    private let descriptor = CSystemCalls_epoll_create()
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    deinit {
        close(self.descriptor)
    }

    /// Watches a descriptor, or watches it for something else.
    ///
    /// - Parameters:
    ///   - watched: the descriptor.
    ///   - token: what comes back with its events.
    ///   - isNew: whether it is not watched yet.
    ///   - writable: whether room to write is waited for too.
    func watch(_ watched: Int32, token: Int, isNew: Bool, writable: Bool) {
        let events = UInt32(EPOLLIN.rawValue) | (writable ? UInt32(EPOLLOUT.rawValue) : 0)
        let operation = isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        _ = CSystemCalls_epoll_control(self.descriptor, operation, watched, events, UInt64(token))
    }

    /// Waits for events.
    ///
    /// - Parameter milliseconds: for how long at most.
    /// - Returns: how many there are.
    func wait(milliseconds: Int32) -> Int {
        let count = Int32(self.events.count)
        return Int(max(0, epoll_wait(self.descriptor, &self.events, count, milliseconds)))
    }

    /// Whose turn it is.
    ///
    /// - Parameter index: the number of an event of the last wait.
    /// - Returns: its token.
    func token(_ index: Int) -> Int {
        Int(CSystemCalls_epoll_token(&self.events[index]))
    }
}
