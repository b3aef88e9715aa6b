/// When a crowd of connections has gone, so that what it needed can be given back to the system.
///
///     few --many came--> crowded --three quarters left--> few, and give back
package struct CrowdStateMachine: Sendable {
    /// Fewer connections than these are no crowd: what they needed is not worth the work.
    package static let smallest = 256

    private var most = 0

    /// Creates a machine that has seen nobody.
    package init() {}

    /// Records how many connections are open.
    ///
    /// - Parameter count: connections now.
    /// - Returns: whether a crowd has gone since the last time.
    package mutating func counted(_ count: Int) -> Bool {
        self.most = max(self.most, count)
        guard self.most >= Self.smallest, count <= self.most / 4 else { return false }
        self.most = count
        return true
    }
}
