import Synchronization

/// Whether the present attempt has reached the relay; set on the loop, read by the task that dials.
final class UpFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isRaised: Bool { self.flag.load(ordering: .acquiring) }

    func raise() {
        self.flag.store(true, ordering: .releasing)
    }

    func clear() {
        self.flag.store(false, ordering: .releasing)
    }
}
