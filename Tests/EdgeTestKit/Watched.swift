import Foundation
import Synchronization

/// A value that one thread changes and another waits for, without a clock in between.
package final class Watched<Value: Sendable>: Sendable {
    private let condition = NSCondition()
    private let value: Mutex<Value>

    /// Creates a watched value.
    ///
    /// - Parameter value: the first one.
    package init(_ value: Value) {
        self.value = Mutex(value)
    }

    /// Changes the value and wakes who waits.
    ///
    /// - Parameter body: the change.
    /// - Returns: what the change gives.
    @discardableResult
    package func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        self.condition.lock()
        defer { self.condition.unlock() }
        let result = self.value.withLock { value in body(&value) }
        self.condition.broadcast()
        return result
    }

    /// The value now.
    package var current: Value { self.value.withLock { $0 } }

    /// Waits until the value gives an answer.
    ///
    /// - Parameters:
    ///   - deadline: when to give up.
    ///   - answer: asked after every change; nil is "not yet".
    /// - Returns: the answer, or nil when the deadline passed.
    package func wait<Answer: Sendable>(by deadline: Deadline = Deadline(), for answer: (Value) -> Answer?) -> Answer? {
        self.condition.lock()
        defer { self.condition.unlock() }
        while true {
            if let found = self.value.withLock({ answer($0) }) { return found }
            let limit = Date(timeIntervalSinceNow: deadline.seconds)
            guard self.condition.wait(until: limit) else { return self.value.withLock { answer($0) } }
        }
    }
}
