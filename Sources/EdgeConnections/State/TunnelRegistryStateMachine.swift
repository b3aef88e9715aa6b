import EdgeTypes

/// Who holds which name, and which public TCP port.
///
///     unknown --register--> holds names --grant, revoke--> holds names --remove, taken over--> unknown
///
/// Every name and port that a tunnel holds lists it exactly once, and the tunnel lists them; leaving therefore undoes all
/// that registering did, whenever it comes.
struct TunnelRegistryStateMachine<Member: Sendable>: Sendable {
    /// The most elders of a newcomer that are named: a storm of newcomers must not cost its square.
    static var mostElders: Int { 16 }

    /// One tunnel that holds a name or a port.
    struct Holder: Sendable {
        let id: TunnelID
        let member: Member
        /// Which secret signed the token that grants the name.
        let signer: String
    }

    /// The tunnels of one name or port, the oldest first, and how often one was chosen.
    private struct Holders: Sendable {
        var list: [Holder] = []
        var turn = 0

        /// The tunnels, and whose turn it is; the next call finds the next turn.
        mutating func take() -> (holders: [Holder], turn: Int) {
            let turn = self.turn
            if self.list.count > 1 { self.turn &+= 1 }
            return (self.list, turn)
        }

        /// Whether a token of another secret holds it for another tunnel.
        func isTaken(from id: TunnelID, signer: String) -> Bool {
            self.list.contains { $0.id != id && $0.signer != signer }
        }
    }

    private struct Tunnel: Sendable {
        let registration: TunnelRegistration<Member>
        /// The names it holds, with the order in which they were granted.
        var patterns: [HostnamePattern: Int] = [:]
        var ports: Set<UInt16> = []
        var grants = 0

        var patternsInOrder: [HostnamePattern] {
            self.patterns.sorted { $0.value < $1.value }.map(\.key)
        }

        mutating func note(_ pattern: HostnamePattern) {
            self.patterns[pattern] = self.grants
            self.grants += 1
        }
    }

    private var tunnels: [TunnelID: Tunnel] = [:]
    /// Names that have at least one tunnel.
    private var names: [NameKey: Holders] = [:]
    /// Ports that have at least one tunnel.
    private var ports: [UInt16: Holders] = [:]
    private var lastSeen: LastSeenNames

    init(lastSeenLimit: Int) {
        self.lastSeen = LastSeenNames(limit: lastSeenLimit)
    }

    var count: Int { self.tunnels.count }

    mutating func register(_ registration: TunnelRegistration<Member>) -> TunnelRegistrationOutcome<Member> {
        let id = registration.id
        let grants = TunnelRegistryGrants(patterns: registration.patterns, ports: registration.ports)
        if let refusal = self.refusal(of: grants, to: id, signer: registration.signer) { return refusal }
        self.tunnels[id] = self.tunnels[id] ?? Tunnel(registration: registration)
        return self.grant(grants, signer: registration.signer, to: id, at: registration.since)
    }

    mutating func grant(
        _ grants: TunnelRegistryGrants,
        signer: String,
        to id: TunnelID,
        at unixSeconds: Int
    ) -> TunnelRegistrationOutcome<Member> {
        guard let tunnel = self.tunnels[id] else { return .gone }
        if let refusal = self.refusal(of: grants, to: id, signer: signer) { return refusal }
        var replaced: [Member] = []
        for ghost in self.ghosts(of: tunnel, asking: grants, signer: signer) {
            if let member = self.remove(ghost, at: unixSeconds) { replaced.append(member) }
        }
        let elders = tunnel.registration.identity == nil ? self.elders(of: id, asking: grants) : []
        let holder = Holder(id: id, member: tunnel.registration.member, signer: signer)
        for pattern in grants.patterns where !self.holds(id, pattern) {
            self.names[NameKey(pattern), default: Holders()].list.append(holder)
            self.tunnels[id]?.note(pattern)
            self.lastSeen.forget(pattern)
        }
        for port in grants.ports where self.tunnels[id]?.ports.insert(port).inserted ?? false {
            self.ports[port, default: Holders()].list.append(holder)
        }
        return .registered(replaced: replaced, elders: elders)
    }

    mutating func revoke(_ grants: TunnelRegistryGrants, from id: TunnelID, at unixSeconds: Int) {
        for pattern in grants.patterns where self.holds(id, pattern) {
            self.tunnels[id]?.patterns[pattern] = nil
            self.withdraw(id, from: pattern, at: unixSeconds)
        }
        for port in grants.ports where self.tunnels[id]?.ports.remove(port) != nil {
            self.withdraw(id, from: port)
        }
    }

    mutating func remove(_ id: TunnelID, at unixSeconds: Int) -> Member? {
        guard let tunnel = self.tunnels.removeValue(forKey: id) else { return nil }
        for pattern in tunnel.patternsInOrder {
            self.withdraw(id, from: pattern, at: unixSeconds)
        }
        for port in tunnel.ports {
            self.withdraw(id, from: port)
        }
        return tunnel.registration.member
    }

    /// The tunnels of a name: those of the exact name, else those of the longest pattern that has any.
    func holders(of name: Hostname) -> [Holder] {
        self.served(name).flatMap { self.names[$0]?.list } ?? []
    }

    /// The tunnels of a name, and whose turn it is.
    mutating func takeTurn(_ name: Hostname) -> (holders: [Holder], turn: Int) {
        guard let key = self.served(name) else { return ([], 0) }
        return self.names[key]?.take() ?? ([], 0)
    }

    /// The tunnels of a port, and whose turn it is.
    mutating func takeTurn(port: UInt16) -> (holders: [Holder], turn: Int) {
        self.ports[port]?.take() ?? ([], 0)
    }

    func presence(of name: Hostname) -> TunnelPresence {
        if self.served(name) != nil { return .held }
        var newest: Int?
        _ = NameKey.first(for: name) { key in
            if let seen = self.lastSeen.unixSeconds(of: key) { newest = max(newest ?? seen, seen) }
            return false
        }
        return newest.map { .away(lastSeen: $0) } ?? .nobody
    }

    var tunnelSnapshots: [TunnelSnapshot<Member>] {
        self.tunnels.values.sorted { $0.registration.id < $1.registration.id }.map {
            TunnelSnapshot(
                id: $0.registration.id,
                identity: $0.registration.identity,
                patterns: $0.patternsInOrder,
                ports: $0.ports.sorted(),
                since: $0.registration.since,
                member: $0.registration.member
            )
        }
    }

    var nameSnapshots: [NameSnapshot] {
        var served: [HostnamePattern: [TunnelID]] = [:]
        for (id, tunnel) in self.tunnels {
            for pattern in tunnel.patterns.keys {
                served[pattern, default: []].append(id)
            }
        }
        let names =
            served.map { NameSnapshot(pattern: $0.key, tunnels: $0.value.sorted(), lastSeen: nil) }
            + self.lastSeen.all.map { NameSnapshot(pattern: $0.pattern, tunnels: [], lastSeen: $0.unixSeconds) }
        return names.sorted { $0.pattern.description < $1.pattern.description }
    }

    private func holds(_ id: TunnelID, _ pattern: HostnamePattern) -> Bool {
        self.tunnels[id]?.patterns[pattern] != nil
    }

    private func served(_ name: Hostname) -> NameKey? {
        NameKey.first(for: name) { self.names[$0] != nil }
    }

    /// Why nothing is granted: the first name or port that a token of another secret holds.
    private func refusal(
        of grants: TunnelRegistryGrants,
        to id: TunnelID,
        signer: String
    ) -> TunnelRegistrationOutcome<Member>? {
        for pattern in grants.patterns
        where self.names[NameKey(pattern)]?.isTaken(from: id, signer: signer) ?? false {
            return .nameTaken(pattern)
        }
        for port in grants.ports where self.ports[port]?.isTaken(from: id, signer: signer) ?? false {
            return .portTaken(port)
        }
        return nil
    }

    /// Older connections of the same client.
    ///
    /// A client chooses its identity by itself, so it counts only together with a name or port that both may hold: nobody
    /// is displaced by another secret's token, nor by a second client on the same device that serves other names.
    private func ghosts(of tunnel: Tunnel, asking grants: TunnelRegistryGrants, signer: String) -> [TunnelID] {
        guard let identity = tunnel.registration.identity else { return [] }
        var found: Set<TunnelID> = []
        for holder in self.holders(sharing: grants)
        where holder.id < tunnel.registration.id && holder.signer == signer
            && self.tunnels[holder.id]?.registration.identity == identity
        {
            found.insert(holder.id)
        }
        return found.sorted()
    }

    /// Other tunnels that hold one of the names or ports, the latest first.
    private func elders(of id: TunnelID, asking grants: TunnelRegistryGrants) -> [Member] {
        var found: [TunnelID: Member] = [:]
        for holder in self.holders(sharing: grants) where holder.id != id { found[holder.id] = holder.member }
        return found.sorted { $0.key > $1.key }.prefix(Self.mostElders).map(\.value)
    }

    private func holders(sharing grants: TunnelRegistryGrants) -> [Holder] {
        grants.patterns.flatMap { self.names[NameKey($0)]?.list ?? [] }
            + grants.ports.flatMap { self.ports[$0]?.list ?? [] }
    }

    private mutating func withdraw(_ id: TunnelID, from pattern: HostnamePattern, at unixSeconds: Int) {
        let key = NameKey(pattern)
        self.names[key]?.list.removeAll { $0.id == id }
        guard let name = self.names[key], name.list.isEmpty else { return }
        self.names[key] = nil
        self.lastSeen.note(pattern, at: unixSeconds)
    }

    private mutating func withdraw(_ id: TunnelID, from port: UInt16) {
        self.ports[port]?.list.removeAll { $0.id == id }
        if self.ports[port]?.list.isEmpty ?? false { self.ports[port] = nil }
    }
}
