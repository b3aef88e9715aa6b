import CSystemCalls
import Glibc

/// How many descriptors the process may open, and has.
package enum Descriptors {
    /// The kernel's two limits.
    package struct Limit: Sendable, Hashable {
        /// Most descriptors now.
        package let soft: UInt64
        /// Most that the soft limit can be raised to without privilege.
        package let hard: UInt64
    }

    /// The limits as they are.
    ///
    /// - Returns: `RLIMIT_NOFILE`.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    package static func limit() throws(SystemError) -> Limit {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        guard CSystemCalls_get_descriptor_limit(&soft, &hard) == 0 else {
            throw SystemError(code: errno, operation: "read", subject: "the limit of descriptors")
        }
        return Limit(soft: soft, hard: hard)
    }

    /// Raises the soft limit to the hard one, which every process may.
    ///
    /// - Returns: the limits after it.
    /// - Throws: ``SystemError`` with the kernel's refusal.
    @discardableResult
    package static func raiseLimit() throws(SystemError) -> Limit {
        let limit = try self.limit()
        guard limit.soft < limit.hard else { return limit }
        guard CSystemCalls_set_descriptor_limit(limit.hard, limit.hard) == 0 else {
            throw SystemError(code: errno, operation: "raise", subject: "the limit of descriptors")
        }
        return Limit(soft: limit.hard, hard: limit.hard)
    }

    /// Counts the descriptors that are open, in time that grows with their number.
    ///
    /// - Returns: how many, the one that counts them left out.
    /// - Throws: ``SystemError`` with the kernel's refusal, as where `/proc` is not mounted.
    package static func count() throws(SystemError) -> Int {
        try FileReading.names(inDirectory: "/proc/self/fd").count - 1
    }
}
