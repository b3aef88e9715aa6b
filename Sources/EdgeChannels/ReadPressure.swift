import Synchronization

/// Whether those who read for one tunnel should read little, since it takes no more: raised and lowered by the tunnel's
/// loop, asked before every read by any.
///
/// Reads that are under way when a tunnel fills up bring bytes all the same, one buffer each; thousands of visitors who
/// all speak at once then cost small buffers instead of large ones.
package final class ReadPressure: Sendable {
    private let raised = Atomic<Bool>(false)

    /// Creates a pressure that is not raised.
    package init() {}

    /// Whether reads should be small now.
    package var isRaised: Bool { self.raised.load(ordering: .relaxed) }

    /// Raises or lowers it.
    ///
    /// - Parameter isRaised: whether reads should be small from now on.
    package func set(_ isRaised: Bool) {
        self.raised.store(isRaised, ordering: .relaxed)
    }
}
