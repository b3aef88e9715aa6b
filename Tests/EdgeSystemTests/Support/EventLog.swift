import Glibc
import Synchronization

/// Events in the order in which another thread writes them, waited for without a clock.
final class EventLog<Event: Sendable>: Sendable {
    /// Far more than any event takes; a test that waits for it fails.
    private static var patience: Int32 { 20_000 }

    private let events = Mutex<[Event]>([])
    private let (reading, writing): (Int32, Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        (self.reading, self.writing) = (ends[0], ends[1])
    }

    deinit {
        close(self.reading)
        close(self.writing)
    }

    func append(_ event: Event) {
        self.events.withLock { $0.append(event) }
        var byte: UInt8 = 0
        write(self.writing, &byte, 1)
    }

    /// The next event; nil when none comes.
    func next() -> Event? {
        var descriptor = pollfd(fd: self.reading, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&descriptor, 1, Self.patience) == 1, read(self.reading, &byte, 1) == 1 else { return nil }
        return self.events.withLock { $0.removeFirst() }
    }
}
