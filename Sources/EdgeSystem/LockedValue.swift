import Glibc

/// A value that one thread at a time looks at or changes.
///
/// In place of `Mutex`, whose lock the thread sanitizer does not see on Linux: it takes what a `Mutex` guards for a
/// race, and a check that cries wolf checks nothing. Proof of `@unchecked Sendable`: the value is reached under the
/// lock alone, and `body` cannot keep it.
package final class LockedValue<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    /// Guards a value.
    ///
    /// - Parameter value: what is guarded.
    package init(_ value: Value) {
        self.value = value
        self.lock = .allocate(capacity: 1)
        self.lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(self.lock, nil)
    }

    deinit {
        pthread_mutex_destroy(self.lock)
        self.lock.deallocate()
    }

    /// Looks at or changes the value while no other thread does.
    ///
    /// - Parameter body: what is done with it.
    /// - Returns: what `body` returns.
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(self.lock)
        defer { pthread_mutex_unlock(self.lock) }
        return body(&self.value)
    }
}
