import CSystemCalls
import Glibc

/// A counter of the kernel that one thread rings and another waits for (eventfd).
package struct Bell: Sendable {
    /// The counter; for an ``EventQueue`` that watches it with ``EventQueue/once`` each ring is an event, and nobody has to
    /// read it.
    package let descriptor: Int32

    /// Makes a bell.
    package init() {
        self.descriptor = CSystemCalls_eventfd()
    }

    /// Wakes the thread that waits, now or when it comes.
    package func ring() {
        var one: UInt64 = 1
        _ = write(self.descriptor, &one, 8)
    }

    /// Gives the descriptor back; nobody may ring any more.
    package func close() {
        _ = Glibc.close(self.descriptor)
    }

    /// Waits until it has been rung; may return early.
    func wait() {
        var descriptors = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        // A descriptor that could not be made never rings; the caller looks again after a while.
        _ = poll(&descriptors, 1, 1000)
        var count: UInt64 = 0
        if descriptors.revents & Int16(POLLIN) != 0 { _ = read(self.descriptor, &count, 8) }
    }
}
