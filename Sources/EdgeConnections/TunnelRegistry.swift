package import EdgeTypes
import Synchronization

/// Hostnames and public TCP ports to live tunnels, and what is remembered of names whose tunnels have left.
///
/// Any thread may ask; a visitor's arrival asks once. Several tunnels may hold one name, and are chosen from in turn.
package final class TunnelRegistry<Member: Sendable>: Sendable {
    private let state: Mutex<TunnelRegistryStateMachine<Member>>
    private let lastID = Atomic<UInt64>(0)

    /// Creates an empty registry.
    ///
    /// - Parameter lastSeenLimit: names without a tunnel that are remembered. A client may bring any number of names and
    ///   leave again; at about 200 bytes each, 10,000 of them stay below 2 MB.
    package init(lastSeenLimit: Int = 10_000) {
        self.state = Mutex(TunnelRegistryStateMachine(lastSeenLimit: lastSeenLimit))
    }

    /// A new identity, counted from 1.
    ///
    /// - Returns: an identity that was never given before.
    package func nextID() -> TunnelID {
        TunnelID(rawValue: self.lastID.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Registers a tunnel with all its names and ports, or with none of them.
    ///
    /// A tunnel without names is registered as well: it may be granted some later.
    ///
    /// - Parameter registration: who it is and which names its token grants.
    /// - Returns: what became of it, and whose place it took.
    package func register(_ registration: TunnelRegistration<Member>) -> TunnelRegistrationOutcome<Member> {
        self.state.withLock { $0.register(registration) }
    }

    /// Gives a registered tunnel more names and ports, or none of them; those that it holds are no news.
    ///
    /// - Parameters:
    ///   - grants: the names and ports that a further token grants.
    ///   - signer: which secret signed that token.
    ///   - id: the tunnel.
    ///   - unixSeconds: now.
    /// - Returns: what became of it, and whose place it took.
    package func grant(
        _ grants: TunnelRegistryGrants,
        signer: String,
        to id: TunnelID,
        at unixSeconds: Int
    ) -> TunnelRegistrationOutcome<Member> {
        self.state.withLock { $0.grant(grants, signer: signer, to: id, at: unixSeconds) }
    }

    /// Takes names and ports from a tunnel; those that it does not hold are skipped.
    ///
    /// - Parameters:
    ///   - grants: the names and ports.
    ///   - id: the tunnel.
    ///   - unixSeconds: now, remembered for names that are left without a tunnel.
    package func revoke(_ grants: TunnelRegistryGrants, from id: TunnelID, at unixSeconds: Int) {
        self.state.withLock { $0.revoke(grants, from: id, at: unixSeconds) }
    }

    /// Takes a tunnel out with all its names and ports; doing it twice changes nothing.
    ///
    /// - Parameters:
    ///   - id: the tunnel.
    ///   - unixSeconds: now, remembered for names that are left without a tunnel.
    /// - Returns: what it registered, or nil where it was gone already.
    @discardableResult
    package func remove(_ id: TunnelID, at unixSeconds: Int) -> Member? {
        self.state.withLock { $0.remove(id, at: unixSeconds) }
    }

    /// The tunnels of a name: of the name itself, else of the longest pattern that fits it.
    ///
    /// - Parameter name: the name that a visitor asked for.
    /// - Returns: the tunnels, in the order they were granted the name.
    package func lookup(_ name: Hostname) -> [(id: TunnelID, member: Member)] {
        self.state.withLock { $0.holders(of: name) }.map { ($0.id, $0.member) }
    }

    /// Chooses a tunnel for one visitor of a name.
    ///
    /// - Parameters:
    ///   - name: the name that the visitor asked for.
    ///   - choose: the policy: from how many (above zero), how many choices were made before, and the load at an index,
    ///     to an index.
    ///   - load: what a tunnel carries. Called without the lock.
    /// - Returns: a tunnel, or nil where none serves the name.
    package func choose(
        _ name: Hostname,
        by choose: (_ count: Int, _ turn: Int, _ load: (Int) -> Int) -> Int?,
        load: (Member) -> TunnelLoad
    ) -> Member? {
        let (holders, turn) = self.state.withLock { $0.takeTurn(name) }
        return Self.choose(among: holders, turn, by: choose, load: load)
    }

    /// Chooses a tunnel for one visitor of a public TCP port.
    ///
    /// - Parameters:
    ///   - port: the port that the visitor dialled.
    ///   - choose: the policy, as for a name.
    ///   - load: what a tunnel carries. Called without the lock.
    /// - Returns: a tunnel, or nil where none serves the port.
    package func choose(
        port: UInt16,
        by choose: (_ count: Int, _ turn: Int, _ load: (Int) -> Int) -> Int?,
        load: (Member) -> TunnelLoad
    ) -> Member? {
        let (holders, turn) = self.state.withLock { $0.takeTurn(port: port) }
        return Self.choose(among: holders, turn, by: choose, load: load)
    }

    /// One of those that are ready, else one of those that are in doubt: better tried than refused.
    private static func choose(
        among holders: [TunnelRegistryStateMachine<Member>.Holder],
        _ turn: Int,
        by choose: (_ count: Int, _ turn: Int, _ load: (Int) -> Int) -> Int?,
        load: (Member) -> TunnelLoad
    ) -> Member? {
        if holders.count == 1, let only = holders.first?.member {
            return load(only) == .closed ? nil : only
        }
        var ready: [(member: Member, streams: Int)] = []
        var doubtful: [(member: Member, streams: Int)] = []
        for holder in holders {
            switch load(holder.member) {
            case .ready(let streams): ready.append((holder.member, streams))
            case .doubtful(let streams): doubtful.append((holder.member, streams))
            case .closed: break
            }
        }
        let candidates = ready.isEmpty ? doubtful : ready
        guard !candidates.isEmpty else { return nil }
        guard let index = choose(candidates.count, turn, { candidates[$0].streams }), candidates.indices.contains(index)
        else { return nil }
        return candidates[index].member
    }

    /// Whether a name is served.
    ///
    /// - Parameter name: the name that a visitor asked for.
    /// - Returns: whether a tunnel serves it now, or did.
    package func presence(of name: Hostname) -> TunnelPresence {
        self.state.withLock { $0.presence(of: name) }
    }

    /// How many tunnels are registered.
    package var count: Int {
        self.state.withLock { $0.count }
    }

    /// Every registered tunnel, the oldest first.
    ///
    /// - Returns: the tunnels with their names.
    package func tunnels() -> [TunnelSnapshot<Member>] {
        self.state.withLock { $0 }.tunnelSnapshots
    }

    /// Every name that is served, or was and is remembered, in alphabetical order.
    ///
    /// - Returns: the names with their tunnels.
    package func names() -> [NameSnapshot] {
        self.state.withLock { $0 }.nameSnapshots
    }
}
