/// Which listener an arrival came by; the caller gives the numbers.
package struct ListenerID: Sendable, Hashable {
    /// The number.
    package let rawValue: Int

    /// Creates an identity.
    ///
    /// - Parameter rawValue: a number that no other live listener of the same acceptor has.
    package init(rawValue: Int) {
        self.rawValue = rawValue
    }
}
