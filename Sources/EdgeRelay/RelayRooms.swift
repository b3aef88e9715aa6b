import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
import EdgeMetering
import EdgeRouting
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore

/// What every journey needs: the loops, the ledgers, the plan in force.
///
/// Made once by the relay.
final class RelayRooms: Sendable {
    let logger: Logger
    let loops: [RelayLoop]
    let plan: RelayPlan.Holder
    let listeners: ListenerSet
    /// Public TCP ports that are lent to tunnels.
    let leases: PortLeases
    let connections: ConnectionTable
    /// Refusals that the acceptor is still answering.
    let refusals: RefusalLedger
    let tunnels: TunnelRegistry<TunnelMember>
    /// What waits for slow peers in the whole relay.
    let budget: MemoryBudget
    /// Finds upstreams that are written with a name.
    let names = NameResolver()
    /// Connections of the admin site, TLS ended, on their way to it.
    let adminVisitors: AsyncStream<AdminVisitor>.Continuation

    init(
        logger: Logger,
        loops: [RelayLoop],
        plan: RelayPlan,
        acceptor: Acceptor,
        connections: ConnectionTable,
        adminVisitors: AsyncStream<AdminVisitor>.Continuation
    ) {
        self.logger = logger
        self.loops = loops
        self.plan = RelayPlan.Holder(plan)
        self.listeners = ListenerSet(acceptor: acceptor)
        self.leases = PortLeases(listeners: self.listeners)
        self.connections = connections
        self.refusals = RefusalLedger(connections: connections)
        self.tunnels = TunnelRegistry()
        self.budget = MemoryBudget(limit: plan.configuration.limits.memory.bytes)
        self.adminVisitors = adminVisitors
    }

    var journeys: Journeys { Journeys(rooms: self) }

    /// Limits of forwarded channels, as the plan in force says.
    func forwardingSettings(_ plan: RelayPlan) -> ForwardingSettings {
        var settings = ForwardingSettings()
        settings.highMark = plan.configuration.limits.streamBuffer.bytes
        settings.budget = self.budget
        settings.stall = plan.configuration.timeouts.stall
        settings.lowMark = plan.configuration.limits.resumeAt.bytes
        return settings
    }

    /// Picks the tunnel whose turn it is.
    ///
    /// - Parameters:
    ///   - name: the name that the visitor asked for.
    ///   - plan: the plan in force.
    /// - Returns: a tunnel, or nil when none holds the name any more.
    func chooseTunnel(_ name: Hostname, _ plan: RelayPlan) -> TunnelMember? {
        let policy = plan.routes.route(for: name).balance
        return self.claimed { now in
            self.tunnels.choose(
                name,
                by: { policy.choose(count: $0, turn: $1, openStreams: $2) },
                load: { $0.load(at: now) }
            )
        }
    }

    /// Picks the tunnel of a public TCP port whose turn it is.
    ///
    /// - Parameter port: the port that the visitor dialled.
    /// - Returns: a tunnel, or nil when none holds the port any more.
    func chooseTunnel(port: UInt16) -> TunnelMember? {
        self.claimed { now in
            self.tunnels.choose(
                port: port,
                by: { SelectionPolicy.roundRobin.choose(count: $0, turn: $1, openStreams: $2) },
                load: { $0.load(at: now) }
            )
        }
    }

    /// A chosen tunnel that may be given a visitor; after a rest one visitor alone tries, and the others go elsewhere
    /// where there is an elsewhere.
    private func claimed(_ choose: (ContinuousClock.Instant) -> TunnelMember?) -> TunnelMember? {
        let now = ContinuousClock.now
        guard let member = choose(now) else { return nil }
        return member.pulse.claim(at: now) ? member : choose(now)
    }

    /// Who holds a name, in the words of the routes.
    func presence(of name: Hostname) -> NamePresence {
        switch self.tunnels.presence(of: name) {
        case .held: .held
        case .away(let lastSeen): .away(lastSeen: lastSeen)
        case .nobody: .nobody
        }
    }

    /// Takes a connection out of the table and says how it ended.
    func ended(_ connection: ArrivedConnection, _ id: ConnectionID, _ reason: CloseReason) {
        self.connections.remove(id, reason)
        let raw = connection.meters.raw
        self.logger.debug(
            "connection closed",
            metadata: [
                "edge.connection": "\(id)", "edge.peer": "\(connection.arrival.peer)", "reason": "\(reason.rawValue)",
                "edge.received": "\(raw.received)", "edge.sent": "\(raw.sent)",
            ]
        )
    }
}
