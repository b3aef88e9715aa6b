import Synchronization

/// Two counters of bytes, received and sent, that only go up.
///
/// One event loop adds; any thread reads. As there is one writer, adding is a load and a store, without a locked
/// instruction; a reader sees each counter whole, but not both at one instant.
package final class Meter: Sendable {
    private let receivedCount = Atomic<Int>(0)
    private let sentCount = Atomic<Int>(0)

    /// Creates a meter that stands at zero.
    package init() {}

    /// Adds what came from the peer.
    ///
    /// Called by the meter's owner only.
    ///
    /// - Parameter count: bytes.
    package func addReceived(_ count: Int) {
        self.receivedCount.store(self.receivedCount.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Adds what went to the peer.
    ///
    /// Called by the meter's owner only.
    ///
    /// - Parameter count: bytes.
    package func addSent(_ count: Int) {
        self.sentCount.store(self.sentCount.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Where the counters stand now.
    package var reading: MeterReading {
        MeterReading(
            received: UInt64(truncatingIfNeeded: self.receivedCount.load(ordering: .relaxed)),
            sent: UInt64(truncatingIfNeeded: self.sentCount.load(ordering: .relaxed))
        )
    }
}
