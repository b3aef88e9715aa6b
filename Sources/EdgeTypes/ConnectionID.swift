/// Identity of one accepted connection: unique in the process, stable in logs.
package struct ConnectionID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number behind the identity, counted from 1.
    package let rawValue: UInt64

    /// Creates an identity.
    ///
    /// - Parameter rawValue: a number that the process gives once.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Whether the left connection was accepted first.
    ///
    /// - Parameters:
    ///   - left: an identity.
    ///   - right: an identity.
    /// - Returns: true when left is older.
    package static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The identity as it stands in logs: `c42`.
    package var description: String { "c\(self.rawValue)" }
}
