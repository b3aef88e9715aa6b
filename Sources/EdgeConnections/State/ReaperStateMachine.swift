import EdgeMetering
package import EdgeTypes

/// Which connections have been idle for too long.
///
///     unknown --seen at a tick--> watched --reading changed--> watched, active now
///                                    |
///                                    +--unchanged for the limit of its phase--> to close --gone from the table--> unknown
///
/// No byte looks at a clock: a connection counts as active at the tick that finds its reading changed. It is closed at
/// its limit or up to one tick after.
package struct ReaperStateMachine: Sendable {
    /// What one look at the table says.
    package struct Tick: Sendable, Hashable {
        /// Connections to close as idle; one that does not go is named again.
        package let close: [ConnectionID]
        /// How long to wait before the next look.
        package let next: Duration
    }

    private struct Watched {
        var reading: MeterReading
        var lastActive: ContinuousClock.Instant
    }

    /// The shortest time between two looks: each reads every meter.
    private static let shortestTick = Duration.milliseconds(100)
    /// The longest time between two looks: how late a long limit may be kept.
    private static let longestTick = Duration.seconds(30)
    /// Looks within one limit: a connection outlives its limit by a tenth at most.
    private static let looksPerLimit = 10

    /// How long nothing may move; may change between two looks.
    package var settings: ReaperSettings

    private var watched: [ConnectionID: Watched] = [:]

    /// Creates a machine that knows no connection.
    ///
    /// - Parameter settings: how long nothing may move.
    package init(settings: ReaperSettings) {
        self.settings = settings
    }

    /// Looks at every open connection.
    ///
    /// - Parameters:
    ///   - connections: all of the table; those that are missing are forgotten.
    ///   - now: the time of the look.
    /// - Returns: what to close, and when to look again.
    package mutating func tick(_ connections: [ConnectionSnapshot], at now: ContinuousClock.Instant) -> Tick {
        var watched: [ConnectionID: Watched] = [:]
        watched.reserveCapacity(connections.count)
        var close: [ConnectionID] = []
        var next = self.interval
        for connection in connections {
            let entry = self.look(connection, at: now)
            watched[connection.id] = entry
            guard let limit = self.limit(of: connection.phase) else { continue }
            let left = limit - entry.lastActive.duration(to: now)
            if left <= .zero {
                close.append(connection.id)
            } else {
                next = min(next, left)
            }
        }
        self.watched = watched
        return Tick(close: close, next: max(next, Self.shortestTick))
    }

    /// When a connection was last found active.
    ///
    /// - Parameter id: the connection.
    /// - Returns: the time of the look that found it so, or nil where no look has seen it.
    package func lastActive(of id: ConnectionID) -> ContinuousClock.Instant? {
        self.watched[id]?.lastActive
    }

    private func look(_ connection: ConnectionSnapshot, at now: ContinuousClock.Instant) -> Watched {
        guard let before = self.watched[connection.id] else {
            // Nothing tells when a connection that was never seen before moved its bytes: any count as moved now.
            let hasMoved = connection.raw != .zero
            return Watched(reading: connection.raw, lastActive: hasMoved ? now : connection.accepted)
        }
        guard before.reading == connection.raw else { return Watched(reading: connection.raw, lastActive: now) }
        return before
    }

    private func limit(of phase: ConnectionRecord.Phase) -> Duration? {
        switch phase {
        case .arriving, .keptAlive: self.settings.idle
        case .routed: self.settings.streamIdle
        case .tunnel: nil
        }
    }

    private var interval: Duration {
        let shortest = min(self.settings.idle, self.settings.streamIdle ?? self.settings.idle)
        return min(max(shortest / Self.looksPerLimit, Self.shortestTick), Self.longestTick)
    }
}
