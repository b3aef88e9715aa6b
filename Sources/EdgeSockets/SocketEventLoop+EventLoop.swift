package import Dispatch
import EdgeSystem
package import NIOCore
import Synchronization

/// What SwiftNIO asks of a loop.
extension SocketEventLoop {
    private static let lastTimer = Atomic<UInt64>(0)

    /// Runs a task on the loop, after what is in line.
    ///
    /// - Parameter task: the task.
    package func execute(_ task: @escaping @Sendable () -> Void) {
        self.post(task)
    }

    /// Runs a task on the loop and tells what came of it.
    ///
    /// - Parameter task: the task.
    /// - Returns: its result.
    package func submit<Value>(_ task: @escaping @Sendable () throws -> Value) -> EventLoopFuture<Value> {
        let promise = self.makePromise(of: Value.self)
        let isTaken = self.post {
            promise.assumeIsolated().completeWith(Result { try task() })
        }
        if !isTaken { promise.fail(EventLoopError.shutdown) }
        return promise.futureResult
    }

    /// Runs a task at a time.
    ///
    /// - Parameters:
    ///   - deadline: when.
    ///   - task: the task.
    /// - Returns: its result, and the means to cancel it.
    @discardableResult
    package func scheduleTask<Value>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        let promise = self.makePromise(of: Value.self)
        let id = Self.lastTimer.wrappingAdd(1, ordering: .relaxed).newValue
        let isTaken = self.onLoop { loop in
            loop.timers.insert(id, at: deadline) { isDue in
                if isDue {
                    promise.assumeIsolated().completeWith(Result { try task() })
                } else {
                    promise.fail(EventLoopError.shutdown)
                }
            }
        }
        if !isTaken { promise.fail(EventLoopError.shutdown) }
        return Scheduled(promise: promise) { _ = self.onLoop { $0.timers.cancel(id) } }
    }

    /// Runs a task after a while.
    ///
    /// - Parameters:
    ///   - delay: how long.
    ///   - task: the task.
    /// - Returns: its result, and the means to cancel it.
    @discardableResult
    package func scheduleTask<Value>(
        in delay: TimeAmount,
        _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        self.scheduleTask(deadline: .now() + delay, task)
    }

    /// Ends the process where another thread than the loop's calls.
    ///
    /// - Parameters:
    ///   - file: who asks.
    ///   - line: where.
    package func preconditionInEventLoop(file: StaticString, line: UInt) {
        precondition(self.inEventLoop, file: file, line: line)
    }

    /// Ends the process where the loop's thread calls.
    ///
    /// - Parameters:
    ///   - file: who asks.
    ///   - line: where.
    package func preconditionNotInEventLoop(file: StaticString, line: UInt) {
        precondition(!self.inEventLoop, file: file, line: line)
    }

    /// This loop.
    ///
    /// - Returns: it.
    package func next() -> any EventLoop { self }

    /// This loop alone.
    ///
    /// - Returns: it.
    package func makeIterator() -> EventLoopIterator { EventLoopIterator([self]) }

    /// Ends ``run()`` and says so.
    ///
    /// - Parameters:
    ///   - queue: where it is said.
    ///   - callback: told when the loop is over; never of a failure.
    package func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        self.whenOver { queue.async { callback(nil) } }
        self.stop()
    }

    /// Does something now where the loop's thread asks, else as a task.
    ///
    /// - Returns: false when the loop is over.
    private func onLoop(_ body: @escaping @Sendable (SocketEventLoop) -> Void) -> Bool {
        guard self.inEventLoop else { return self.post { body(self) } }
        body(self)
        return true
    }
}
