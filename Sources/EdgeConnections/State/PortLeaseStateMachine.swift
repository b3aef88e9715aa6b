package import EdgeTypes

/// Who may hold which public TCP port of the relay, and for how long it is kept for them.
///
///     free --claim--> held --the last holder leaves--> kept --claim of the same signer--> held
///                      ^                                |
///                      +--claim of the same signer      +--time--> free
///
/// A port belongs to whoever signed the token that names it: tokens of another secret are refused while it is held and
/// while it is kept. A port that was picked from the pool is the identity's own, and comes back to it alone.
package struct PortLeaseStateMachine: Sendable {
    /// Who asks for ports.
    package struct Claimant: Sendable, Hashable {
        /// The tunnel.
        package let id: TunnelID
        /// Who the client is, the same over its reconnects; nil where it does not say.
        package let identity: String?
        /// Which secret signed its token.
        package let signer: String

        /// Creates a claimant.
        ///
        /// - Parameters:
        ///   - id: the tunnel.
        ///   - identity: who the client is.
        ///   - signer: which secret signed its token.
        package init(id: TunnelID, identity: String?, signer: String) {
            self.id = id
            self.identity = identity
            self.signer = signer
        }
    }

    private struct Lease: Sendable {
        let signer: String
        /// Whom a picked port belongs to; nil for one that a token names.
        let owner: String?
        let isPicked: Bool
        var holders: Set<TunnelID>
        /// When a port without holders is free; nil while it has some.
        var due: ContinuousClock.Instant?

        /// Whether a claimant of the same secret may hold it too: a port that was picked is one client's own.
        func isOpen(to claimant: Claimant) -> Bool {
            if !self.isPicked || self.holders.contains(claimant.id) { return true }
            return self.owner != nil && self.owner == claimant.identity
        }
    }

    private var leases: [UInt16: Lease] = [:]
    private var held: [TunnelID: Set<UInt16>] = [:]

    /// Creates a machine without leases.
    package init() {}

    /// Ports that are held or kept.
    package var count: Int { self.leases.count }

    /// Whether a port is held or kept.
    ///
    /// - Parameter port: a port.
    /// - Returns: true when it is not free.
    package func isLeased(_ port: UInt16) -> Bool { self.leases[port] != nil }

    /// The ports that a tunnel holds.
    ///
    /// - Parameter id: the tunnel.
    /// - Returns: its ports, in ascending order.
    package func ports(of id: TunnelID) -> [UInt16] { (self.held[id] ?? []).sorted() }

    /// What to do about a claim.
    package enum OnClaim: Sendable, Hashable {
        /// The port was free: bind it, or ``abandoned(_:by:)``.
        case bind
        /// The port is bound already.
        case join
        /// It is another's.
        case refuse
    }

    /// Records that a tunnel's token names a port.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - claimant: who asks.
    /// - Returns: what to do.
    package mutating func claimed(_ port: UInt16, by claimant: Claimant) -> OnClaim {
        guard var lease = self.leases[port] else {
            self.leases[port] = Lease(
                signer: claimant.signer,
                owner: nil,
                isPicked: false,
                holders: [claimant.id]
            )
            self.held[claimant.id, default: []].insert(port)
            return .bind
        }
        guard lease.signer == claimant.signer, lease.isOpen(to: claimant) else { return .refuse }
        lease.holders.insert(claimant.id)
        lease.due = nil
        self.leases[port] = lease
        self.held[claimant.id, default: []].insert(port)
        return .join
    }

    /// The port that a claimant picked before and that is still its own.
    ///
    /// - Parameter claimant: who asks for any port.
    /// - Returns: a port to claim, or nil where the claimant has no identity or nothing is kept for it.
    package func kept(for claimant: Claimant) -> UInt16? {
        guard let identity = claimant.identity else { return nil }
        return self.leases.filter {
            $0.value.isPicked && $0.value.owner == identity && $0.value.signer == claimant.signer
        }.keys.min()
    }

    /// Records that a free port was picked from the pool: bind it, or ``abandoned(_:by:)``.
    ///
    /// - Parameters:
    ///   - port: a port that is not leased.
    ///   - claimant: who asked.
    package mutating func picked(_ port: UInt16, by claimant: Claimant) {
        self.leases[port] = Lease(
            signer: claimant.signer,
            owner: claimant.identity,
            isPicked: true,
            holders: [claimant.id]
        )
        self.held[claimant.id, default: []].insert(port)
    }

    /// Undoes a claim at once: it failed, or its token was taken back.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - id: the tunnel.
    /// - Returns: true when nobody holds it any more: it is free, and to be closed where it was bound.
    package mutating func abandoned(_ port: UInt16, by id: TunnelID) -> Bool {
        guard self.held[id]?.remove(port) != nil else { return false }
        if self.held[id]?.isEmpty ?? false { self.held[id] = nil }
        self.leases[port]?.holders.remove(id)
        guard self.leases[port]?.holders.isEmpty ?? false else { return false }
        self.leases[port] = nil
        return true
    }

    /// Records that a tunnel is gone: ports that nobody else holds are kept for a while.
    ///
    /// - Parameters:
    ///   - id: the tunnel.
    ///   - due: when its ports are free.
    package mutating func left(_ id: TunnelID, keepingUntil due: ContinuousClock.Instant) {
        for port in self.held.removeValue(forKey: id) ?? [] {
            self.leases[port]?.holders.remove(id)
            if self.leases[port]?.holders.isEmpty ?? false { self.leases[port]?.due = due }
        }
    }

    /// Records that time passed.
    ///
    /// - Parameter now: the present.
    /// - Returns: ports that are free from here on, and to be closed.
    package mutating func timePassed(at now: ContinuousClock.Instant) -> [UInt16] {
        let free = self.leases.filter { $0.value.due.map { $0 <= now } ?? false }.keys.sorted()
        for port in free { self.leases[port] = nil }
        return free
    }
}
