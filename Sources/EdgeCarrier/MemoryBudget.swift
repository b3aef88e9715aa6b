import Synchronization

/// Bytes that wait for slow peers in the whole relay, and how many may (`limits.memory`).
///
/// What waits at one stream and in one tunnel has limits of its own; this one is for all of them together. Above it new
/// connections are refused; what is open goes on, within its own limits.
/// Only what waits is counted, so a connection whose peer keeps up never touches the counter.
package final class MemoryBudget: Sendable {
    private let held = Atomic<Int>(0)
    private let limit: Atomic<Int>

    /// Creates a budget.
    ///
    /// - Parameter limit: most bytes that may wait.
    package init(limit: Int) {
        self.limit = Atomic(limit)
    }

    /// Bytes that wait now.
    package var waiting: Int { self.held.load(ordering: .relaxed) }

    /// Whether more waits than may.
    package var isExceeded: Bool { self.waiting > self.limit.load(ordering: .relaxed) }

    /// Changes how much may wait.
    ///
    /// - Parameter limit: most bytes that may wait from now on.
    package func setLimit(_ limit: Int) {
        self.limit.store(limit, ordering: .relaxed)
    }

    /// Counts a change of what waits somewhere.
    ///
    /// - Parameter change: bytes more, or fewer where negative.
    package func change(by change: Int) {
        self.held.add(change, ordering: .relaxed)
    }
}
