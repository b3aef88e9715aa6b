import EdgeAdmin
import EdgeConfiguration
import EdgeConnections
import EdgeTokens
import EdgeTypes
import Synchronization

/// Public TCP ports that are lent to tunnels, each with its listener.
final class PortLeases: Sendable {
    /// How many ports of the pool are tried before it counts as empty: other processes may listen at some.
    private static let mostTries = 64

    private let machine = Mutex(PortLeaseStateMachine())
    private let listeners: ListenerSet

    init(listeners: ListenerSet) {
        self.listeners = listeners
    }

    /// Ports that are held or kept.
    var count: Int { self.machine.withLock { $0.count } }

    /// Lends a tunnel all ports that its token grants, or none of them.
    ///
    /// - Parameters:
    ///   - claims: what the token grants.
    ///   - claimant: the tunnel.
    ///   - configuration: what may be lent.
    /// - Returns: its ports; those that it held before are among them.
    /// - Throws: why it gets none.
    func claim(
        _ claims: TokenClaims,
        by claimant: PortLeaseStateMachine.Claimant,
        _ configuration: PortConfiguration
    ) throws(PortRefusal) -> [UInt16] {
        let named = claims.ports.reduce(0) { $0 + $1.count }
        let wanted = named + (claims.allowsTCP ? 1 : 0)
        guard wanted > 0 else { return [] }
        guard wanted <= configuration.perToken else {
            throw .tooMany(actual: wanted, limit: configuration.perToken)
        }
        let host = configuration.address?.description ?? self.listeners.host
        let outcome: Result<[UInt16], PortRefusal> = self.machine.withLock { machine in
            let before = Set(machine.ports(of: claimant.id))
            var ports: [UInt16] = []
            do throws(PortRefusal) {
                for port in claims.ports.joined() where !ports.contains(port) {
                    guard !configuration.isReserved(port) else { throw .reserved(port) }
                    try self.claim(port, by: claimant, host, &machine)
                    ports.append(port)
                }
                if claims.allowsTCP { ports.append(try self.pick(by: claimant, before, host, configuration, &machine)) }
                return .success(ports)
            } catch {
                for port in machine.ports(of: claimant.id) where !before.contains(port) {
                    if machine.abandoned(port, by: claimant.id) { self.close(port) }
                }
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Takes ports back from a tunnel at once, such as those of a token that was deleted.
    ///
    /// - Parameters:
    ///   - ports: the ports.
    ///   - id: the tunnel.
    func abandon(_ ports: [UInt16], by id: TunnelID) {
        for port in ports {
            guard self.machine.withLock({ $0.abandoned(port, by: id) }) else { continue }
            self.close(port)
        }
    }

    /// Keeps the ports of a tunnel that is gone for its return.
    ///
    /// - Parameters:
    ///   - id: the tunnel.
    ///   - due: when they are free.
    /// - Returns: whether it held any.
    func left(_ id: TunnelID, keepingUntil due: ContinuousClock.Instant) -> Bool {
        self.machine.withLock { machine in
            let held = !machine.ports(of: id).isEmpty
            machine.left(id, keepingUntil: due)
            return held
        }
    }

    /// Closes the ports whose time is over.
    ///
    /// - Parameter now: the present.
    /// - Returns: those ports.
    func timePassed(at now: ContinuousClock.Instant) -> [UInt16] {
        let free = self.machine.withLock { $0.timePassed(at: now) }
        for port in free { self.close(port) }
        return free
    }

    private func claim(
        _ port: UInt16,
        by claimant: PortLeaseStateMachine.Claimant,
        _ host: String,
        _ machine: inout PortLeaseStateMachine
    ) throws(PortRefusal) {
        switch machine.claimed(port, by: claimant) {
        case .join:
            return
        case .refuse:
            throw .taken(port)
        case .bind:
            if let fault = self.bind(port, host) {
                _ = machine.abandoned(port, by: claimant.id)
                throw .fault(port, fault)
            }
        }
    }

    /// A port of the pool: the one that the tunnel has or its client had, else any that can be bound.
    private func pick(
        by claimant: PortLeaseStateMachine.Claimant,
        _ before: Set<UInt16>,
        _ host: String,
        _ configuration: PortConfiguration,
        _ machine: inout PortLeaseStateMachine
    ) throws(PortRefusal) -> UInt16 {
        if let own = before.filter({ configuration.allows($0) }).min() { return own }
        if let kept = machine.kept(for: claimant) {
            try self.claim(kept, by: claimant, host, &machine)
            return kept
        }
        let pool = configuration.pool
        var port = UInt16.random(in: pool)
        var tries = 0
        for _ in pool where tries < Self.mostTries {
            if configuration.allows(port), !machine.isLeased(port) {
                tries += 1
                machine.picked(port, by: claimant)
                if self.bind(port, host) == nil { return port }
                _ = machine.abandoned(port, by: claimant.id)
            }
            port = port == pool.upperBound ? pool.lowerBound : port + 1
        }
        throw .poolEmpty
    }

    private func bind(_ port: UInt16, _ host: String) -> ListenerFault? {
        let configuration = ListenerConfiguration(address: .tcp(host: host, port: port))
        switch self.listeners.registerNow(configuration, origin: .lease(port: port)) {
        case .added, .exists: return nil
        case .fault(let fault): return fault
        }
    }

    private func close(_ port: UInt16) {
        for listener in self.listeners.all where listener.leasedPort == port { self.listeners.close(listener.id) }
    }
}
