import Glibc

/// Events in the order in which another thread writes them, waited for without a clock.
///
/// The lock is the C library's because the thread sanitizer knows it: it takes what `Mutex` guards for a race.
final class EventLog<Event: Sendable>: @unchecked Sendable {
    /// Far more than any event takes; a test that waits for it fails.
    private static var patience: Int32 { 20_000 }

    private var events: [Event] = []
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let (reading, writing): (Int32, Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        pthread_mutex_init(self.lock, nil)
        pipe(&ends)
        (self.reading, self.writing) = (ends[0], ends[1])
    }

    deinit {
        close(self.reading)
        close(self.writing)
        pthread_mutex_destroy(self.lock)
        self.lock.deallocate()
    }

    func append(_ event: Event) {
        pthread_mutex_lock(self.lock)
        self.events.append(event)
        pthread_mutex_unlock(self.lock)
        var byte: UInt8 = 0
        write(self.writing, &byte, 1)
    }

    /// The next event; nil when none comes.
    func next() -> Event? {
        var descriptor = pollfd(fd: self.reading, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&descriptor, 1, Self.patience) == 1, read(self.reading, &byte, 1) == 1 else { return nil }
        pthread_mutex_lock(self.lock)
        defer { pthread_mutex_unlock(self.lock) }
        return self.events.removeFirst()
    }
}
