/// Entries that expire in the order in which they were added, since all wait equally long.
///
/// One timer serves the whole queue, so a stream costs no timer of its own.
package struct DeadlineQueue<Entry> {
    private var entries: [(due: ContinuousClock.Instant, entry: Entry)] = []
    private var head = 0
    private let delay: Duration

    /// Creates a queue.
    ///
    /// - Parameter delay: how long each entry waits.
    package init(delay: Duration) {
        self.delay = delay
    }

    /// When the first entry expires; nil for an empty queue.
    package var next: ContinuousClock.Instant? {
        self.head < self.entries.count ? self.entries[self.head].due : nil
    }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - entry: what expires.
    ///   - now: the present; never before that of an earlier call.
    package mutating func add(_ entry: Entry, at now: ContinuousClock.Instant) {
        self.entries.append((now.advanced(by: self.delay), entry))
    }

    /// Takes an entry whose time is over.
    ///
    /// - Parameter now: the present.
    /// - Returns: the oldest entry that has expired, or nil.
    package mutating func popExpired(at now: ContinuousClock.Instant) -> Entry? {
        guard self.head < self.entries.count, self.entries[self.head].due <= now else { return nil }
        let entry = self.entries[self.head].entry
        self.head += 1
        if self.head == self.entries.count {
            self.entries.removeAll(keepingCapacity: self.head <= 64)
            self.head = 0
        } else if self.head >= 64, self.head * 2 > self.entries.count {
            self.entries.removeFirst(self.head)
            self.head = 0
        }
        return entry
    }
}
