/// Identity of one authenticated tunnel: unique in the process, stable in logs.
package struct TunnelID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number behind the identity, counted from 1.
    package let rawValue: UInt64

    /// Creates an identity.
    ///
    /// - Parameter rawValue: a number that the process gives once.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Whether the left tunnel registered first.
    ///
    /// - Parameters:
    ///   - left: an identity.
    ///   - right: an identity.
    /// - Returns: true when left is older.
    package static func < (left: TunnelID, right: TunnelID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The identity as it stands in logs: `t7`.
    package var description: String { "t\(self.rawValue)" }
}
