import Glibc
import Synchronization

/// Keeps our descriptors out of other children: one that is made and marked under the gate, and a child that is started
/// under it, never meet half way.
enum DescriptorGate {
    private static let gate = Mutex(())

    /// Makes descriptors and has them closed in every child.
    ///
    /// - Parameter make: gives the descriptors, or those that were not made as negative numbers.
    /// - Returns: the same descriptors.
    static func making(_ make: () -> [Int32]) -> [Int32] {
        self.gate.withLock { _ in
            let descriptors = make()
            for descriptor in descriptors where descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            return descriptors
        }
    }

    /// Starts a child.
    ///
    /// - Parameter start: starts it.
    /// - Returns: what `start` gives.
    static func starting<Result: Sendable>(_ start: () -> Result) -> Result {
        self.gate.withLock { _ in start() }
    }
}
