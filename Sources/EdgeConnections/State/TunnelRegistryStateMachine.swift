import EdgeTypes

/// Who holds which name.
///
///     unknown --register--> holds names --grant, revoke--> holds names --remove, taken over--> unknown
///
/// Every name that a tunnel holds lists it exactly once, and the tunnel lists the name; leaving therefore undoes all that
/// registering did, whenever it comes.
struct TunnelRegistryStateMachine<Member: Sendable>: Sendable {
    /// One tunnel that holds a name.
    struct Holder: Sendable {
        let id: TunnelID
        let member: Member
        /// Which secret signed the token that grants the name.
        let signer: String
    }

    /// The tunnels of one name, the oldest first, and how often one was chosen.
    private struct Name: Sendable {
        var holders: [Holder]
        var turn = 0
    }

    private struct Tunnel: Sendable {
        let registration: TunnelRegistration<Member>
        /// The names it holds, with the order in which they were granted.
        var patterns: [HostnamePattern: Int] = [:]
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
    private var names: [NameKey: Name] = [:]
    private var lastSeen: LastSeenNames

    init(lastSeenLimit: Int) {
        self.lastSeen = LastSeenNames(limit: lastSeenLimit)
    }

    var count: Int { self.tunnels.count }

    mutating func register(_ registration: TunnelRegistration<Member>) -> TunnelRegistrationOutcome<Member> {
        let id = registration.id
        if let taken = self.taken(registration.patterns, by: id, signer: registration.signer) {
            return .nameTaken(taken)
        }
        self.tunnels[id] = self.tunnels[id] ?? Tunnel(registration: registration)
        return self.grant(registration.patterns, signer: registration.signer, to: id, at: registration.since)
    }

    mutating func grant(
        _ patterns: [HostnamePattern],
        signer: String,
        to id: TunnelID,
        at unixSeconds: Int
    ) -> TunnelRegistrationOutcome<Member> {
        guard let tunnel = self.tunnels[id] else { return .gone }
        if let taken = self.taken(patterns, by: id, signer: signer) {
            return .nameTaken(taken)
        }
        var replaced: [Member] = []
        for ghost in self.ghosts(of: tunnel, asking: patterns, signer: signer) {
            if let member = self.remove(ghost, at: unixSeconds) { replaced.append(member) }
        }
        for pattern in patterns where !self.holds(id, pattern) {
            let holder = Holder(id: id, member: tunnel.registration.member, signer: signer)
            self.names[NameKey(pattern), default: Name(holders: [])].holders.append(holder)
            self.tunnels[id]?.note(pattern)
            self.lastSeen.forget(pattern)
        }
        return .registered(replaced: replaced)
    }

    mutating func revoke(_ patterns: [HostnamePattern], from id: TunnelID, at unixSeconds: Int) {
        for pattern in patterns where self.holds(id, pattern) {
            self.tunnels[id]?.patterns[pattern] = nil
            self.withdraw(id, from: pattern, at: unixSeconds)
        }
    }

    mutating func remove(_ id: TunnelID, at unixSeconds: Int) -> Member? {
        guard let tunnel = self.tunnels.removeValue(forKey: id) else { return nil }
        for pattern in tunnel.patternsInOrder {
            self.withdraw(id, from: pattern, at: unixSeconds)
        }
        return tunnel.registration.member
    }

    /// The tunnels of a name: those of the exact name, else those of the longest pattern that has any.
    func holders(of name: Hostname) -> [Holder] {
        self.served(name).flatMap { self.names[$0]?.holders } ?? []
    }

    /// The tunnels of a name, and whose turn it is.
    mutating func takeTurn(_ name: Hostname) -> (holders: [Holder], turn: Int) {
        guard let key = self.served(name), let found = self.names[key] else { return ([], 0) }
        if found.holders.count > 1 {
            self.names[key]?.turn &+= 1
        }
        return (found.holders, found.turn)
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

    /// The first pattern that a token of another secret holds.
    private func taken(_ patterns: [HostnamePattern], by id: TunnelID, signer: String) -> HostnamePattern? {
        patterns.first { pattern in
            self.names[NameKey(pattern)]?.holders.contains { $0.id != id && $0.signer != signer } ?? false
        }
    }

    /// Older connections of the same client.
    ///
    /// A client chooses its identity by itself, so it counts only together with a name that both may hold: nobody is
    /// displaced by another secret's token, nor by a second client on the same device that serves other names.
    private func ghosts(of tunnel: Tunnel, asking patterns: [HostnamePattern], signer: String) -> [TunnelID] {
        guard let identity = tunnel.registration.identity else { return [] }
        var found: Set<TunnelID> = []
        for pattern in patterns {
            for holder in self.names[NameKey(pattern)]?.holders ?? []
            where holder.id < tunnel.registration.id && holder.signer == signer
                && self.tunnels[holder.id]?.registration.identity == identity
            {
                found.insert(holder.id)
            }
        }
        return found.sorted()
    }

    private mutating func withdraw(_ id: TunnelID, from pattern: HostnamePattern, at unixSeconds: Int) {
        let key = NameKey(pattern)
        self.names[key]?.holders.removeAll { $0.id == id }
        guard let name = self.names[key], name.holders.isEmpty else { return }
        self.names[key] = nil
        self.lastSeen.note(pattern, at: unixSeconds)
    }
}
