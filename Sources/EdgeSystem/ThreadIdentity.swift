import Glibc

/// Tells threads apart.
package enum ThreadIdentity {
    /// A number of the thread that asks, that no other living thread has; never zero.
    package static var current: UInt { UInt(pthread_self()) }
}
