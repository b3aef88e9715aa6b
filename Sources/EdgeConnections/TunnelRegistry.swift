package import EdgeTypes
import Synchronization

/// Hostnames to live tunnels, and what is remembered of names whose tunnels have left.
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

    /// Registers a tunnel with all its names, or with none of them.
    ///
    /// A tunnel without names is registered as well: it may be granted some later.
    ///
    /// - Parameter registration: who it is and which names its token grants.
    /// - Returns: what became of it, and whose place it took.
    package func register(_ registration: TunnelRegistration<Member>) -> TunnelRegistrationOutcome<Member> {
        self.state.withLock { $0.register(registration) }
    }

    /// Gives a registered tunnel more names, or none of them; names that it holds are no news.
    ///
    /// - Parameters:
    ///   - patterns: the names that a further token grants.
    ///   - signer: which secret signed that token.
    ///   - id: the tunnel.
    ///   - unixSeconds: now.
    /// - Returns: what became of it, and whose place it took.
    package func grant(
        _ patterns: [HostnamePattern],
        signer: String,
        to id: TunnelID,
        at unixSeconds: Int
    ) -> TunnelRegistrationOutcome<Member> {
        self.state.withLock { $0.grant(patterns, signer: signer, to: id, at: unixSeconds) }
    }

    /// Takes names from a tunnel; those that it does not hold are skipped.
    ///
    /// - Parameters:
    ///   - patterns: the names.
    ///   - id: the tunnel.
    ///   - unixSeconds: now, remembered for names that are left without a tunnel.
    package func revoke(_ patterns: [HostnamePattern], from id: TunnelID, at unixSeconds: Int) {
        self.state.withLock { $0.revoke(patterns, from: id, at: unixSeconds) }
    }

    /// Takes a tunnel out with all its names; doing it twice changes nothing.
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

    /// Chooses a tunnel for one visitor.
    ///
    /// - Parameters:
    ///   - name: the name that the visitor asked for.
    ///   - choose: the policy: from how many (above zero), how many choices were made before, and the load at an index, to an index.
    ///   - load: how many streams a tunnel has open, or nil where it takes none now. Called without the lock.
    /// - Returns: a tunnel, or nil where none serves the name.
    package func choose(
        _ name: Hostname,
        by choose: (_ count: Int, _ turn: Int, _ load: (Int) -> Int) -> Int?,
        load: (Member) -> Int?
    ) -> Member? {
        let (holders, turn) = self.state.withLock { $0.takeTurn(name) }
        if holders.count == 1 {
            return holders.first.flatMap { load($0.member) == nil ? nil : $0.member }
        }
        var loads: [Int] = []
        var ready: [Member] = []
        for holder in holders {
            guard let streams = load(holder.member) else { continue }
            loads.append(streams)
            ready.append(holder.member)
        }
        guard !ready.isEmpty else { return nil }
        guard let index = choose(ready.count, turn, { loads[$0] }), ready.indices.contains(index) else { return nil }
        return ready[index]
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
