/// How one of several tunnels for a name is chosen.
package enum SelectionPolicy: String, Sendable, Hashable, CaseIterable {
    /// Each in its turn.
    case roundRobin = "round_robin"
    /// The one with the fewest open streams; among equals, each in its turn.
    case leastConnections = "least_connections"

    /// Chooses.
    ///
    /// - Parameters:
    ///   - count: how many there are to choose from.
    ///   - turn: how many choices were made before this one; may wrap around.
    ///   - openStreams: how many streams are open at an index below `count`.
    /// - Returns: an index below `count`, or nil where there is nothing to choose from.
    package func choose(count: Int, turn: Int, openStreams: (Int) -> Int) -> Int? {
        guard count > 0 else { return nil }
        let start = Int(UInt(bitPattern: turn) % UInt(count))
        switch self {
        case .roundRobin:
            return start
        case .leastConnections:
            var best = start
            var fewest = openStreams(start)
            for step in 1..<max(count, 1) {
                let index = start < count - step ? start + step : start - (count - step)
                let streams = openStreams(index)
                if streams < fewest { (best, fewest) = (index, streams) }
            }
            return best
        }
    }
}
