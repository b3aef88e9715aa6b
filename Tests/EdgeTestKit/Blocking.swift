import Foundation

/// Calls that block, kept off the threads that a relay of the same process needs.
package enum Blocking {
    /// Does something on a thread of its own.
    ///
    /// - Parameter body: what may block.
    /// - Returns: what it returned.
    /// - Throws: what it threw.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}
