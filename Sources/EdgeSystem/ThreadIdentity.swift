import Glibc

/// Tells threads apart.
package struct ThreadIdentity: Sendable, Equatable {
    private let value: pthread_t

    /// The thread that asks.
    package static var current: ThreadIdentity { ThreadIdentity(value: pthread_self()) }
}
