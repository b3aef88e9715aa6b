import Glibc
import Synchronization

/// The first thread of the process, which waits while tasks do the work.
///
/// An asynchronous `main` would leave the thread behind, half ended: it would keep root's rights when all others give
/// them up (glibc leaves out threads that end).
package enum MainThread {
    /// What the waiting thread and the task share.
    private final class Outcome: Sendable {
        let status = Atomic<Int32>(0)
        let isOver = Atomic<Bool>(false)
    }

    /// Runs work as a task, waits for it on this thread, and ends the process with its status.
    ///
    /// - Parameter body: the work; what it returns is the exit status.
    package static func run(_ body: @escaping @Sendable () async -> Int32) -> Never {
        let outcome = Outcome()
        let bell = Bell()
        Task {
            outcome.status.store(await body(), ordering: .relaxed)
            outcome.isOver.store(true, ordering: .releasing)
            bell.ring()
        }
        while !outcome.isOver.load(ordering: .acquiring) { bell.wait() }
        exit(outcome.status.load(ordering: .relaxed))
    }
}
