/// When a crowd of connections has gone, so that what it needed can be given back to the system.
///
///     few --many came--> crowded --three quarters left--> few, and give back --next look--> and give back the rest
package struct CrowdStateMachine: Sendable {
    /// Fewer connections than these are no crowd: what they needed is not worth the work.
    package static let smallest = 256

    private var most = 0
    /// Whether a crowd had gone at the last look: what was still under way then has gone by now.
    private var hasJustGone = false

    /// Creates a machine that has seen nobody.
    package init() {}

    /// Records how many connections are open.
    ///
    /// - Parameters:
    ///   - count: connections now.
    ///   - peak: the most that were open since the last time.
    /// - Returns: whether a crowd has gone since the last time, or had gone then.
    package mutating func counted(_ count: Int, peak: Int) -> Bool {
        self.most = max(self.most, count, peak)
        let hadGone = self.hasJustGone
        self.hasJustGone = self.most >= Self.smallest && count <= self.most / 4
        if self.hasJustGone { self.most = count }
        return self.hasJustGone || hadGone
    }
}
