import Synchronization

/// How many arrivals wait: written by the acceptor's thread, read by any.
final class WaitingGauge: Sendable {
    private let count = Atomic<Int>(0)

    /// The number last shown.
    var value: Int { self.count.load(ordering: .relaxed) }

    /// Shows a number.
    func show(_ count: Int) {
        self.count.store(count, ordering: .relaxed)
    }
}
