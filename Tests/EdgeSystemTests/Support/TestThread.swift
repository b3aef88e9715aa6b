import Glibc

/// A thread that runs one closure.
struct TestThread: ~Copyable, Sendable {
    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            },
            box.toOpaque()
        )
        self.thread = thread
    }

    /// Waits for its end.
    func join() {
        pthread_join(self.thread, nil)
    }
}
