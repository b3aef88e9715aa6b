import Synchronization

/// Bytes that wait for slow peers in the whole relay, and how many may (`limits.memory`).
///
/// What waits at one stream and in one tunnel has limits of its own; this one is for all of them together. It has two
/// marks, so that new work is refused before old work is harmed:
///
///     0 ........ 3/4 ................. limit ..............
///     all is well | tight             | exceeded
///                 | new connections   | a visitor that reads slowly and whose client sends on is reset:
///                 | are refused, slow | it pays, not its siblings, and never one that keeps up
///                 | visitors get less |
///
/// Only what waits is counted, so a connection whose peer keeps up never touches the counter. What is counted: what waits
/// in visitors' channels and for services that are dialled, what is kept behind a gate, and the queue of a tunnel whose
/// peer takes no more.
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

    /// Whether more than three quarters of what may wait does: nothing new is taken on.
    package var isTight: Bool {
        let limit = self.limit.load(ordering: .relaxed)
        return self.waiting > limit - limit / 4
    }

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
