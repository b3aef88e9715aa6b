package import EdgeMetering
package import EdgeTypes

/// What is known of an open connection.
package struct ConnectionRecord: Sendable {
    /// Where a connection stands, as far as its time is limited.
    package enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Nobody serves it yet.
        case arriving
        /// A tunnel, an address or the admin site serves it.
        case routed
        /// A request was answered by us, and the next one may come.
        case keptAlive = "kept_alive"
        /// It is a tunnel; its pings tell whether it lives.
        case tunnel
    }

    /// Its identity.
    package let id: ConnectionID
    /// When it was accepted.
    package let accepted: ContinuousClock.Instant
    /// When it was accepted, in Unix seconds.
    package let acceptedUnixSeconds: Int
    /// Who arrived.
    package let peer: PeerAddress
    /// The listener it came by, as it is written.
    package let listener: String
    /// What it speaks, as far as its first bytes tell.
    package var applicationProtocol: ApplicationProtocol
    /// The name that it asked for.
    package var name: Hostname?
    /// The way it went, one token: `pass_through`.
    package var decision: String
    /// The tunnel that serves it, or that it is.
    package var tunnel: TunnelID?
    /// The address that serves it, as it is written.
    package var upstream: String?
    /// What it moved.
    package let meters: ConnectionMeters
    /// Where it stands.
    package var phase: Phase
    /// How to close it; nil until its channel is made.
    package var handle: (any ConnectionHandle)?

    /// Creates a record.
    ///
    /// - Parameters:
    ///   - id: a number of ``ConnectionTable/nextID()``.
    ///   - accepted: when it was accepted.
    ///   - acceptedUnixSeconds: the same in Unix seconds.
    ///   - peer: who arrived.
    ///   - listener: the listener it came by, as it is written.
    ///   - applicationProtocol: what it speaks.
    ///   - name: the name that it asked for.
    ///   - decision: the way it went, one token.
    ///   - tunnel: the tunnel that serves it, or that it is.
    ///   - upstream: the address that serves it, as it is written.
    ///   - meters: its counters.
    ///   - phase: where it stands.
    ///   - handle: how to close it.
    package init(
        id: ConnectionID,
        accepted: ContinuousClock.Instant,
        acceptedUnixSeconds: Int,
        peer: PeerAddress,
        listener: String,
        applicationProtocol: ApplicationProtocol,
        name: Hostname?,
        decision: String,
        tunnel: TunnelID? = nil,
        upstream: String? = nil,
        meters: ConnectionMeters,
        phase: Phase,
        handle: (any ConnectionHandle)? = nil
    ) {
        self.id = id
        self.accepted = accepted
        self.acceptedUnixSeconds = acceptedUnixSeconds
        self.peer = peer
        self.listener = listener
        self.applicationProtocol = applicationProtocol
        self.name = name
        self.decision = decision
        self.tunnel = tunnel
        self.upstream = upstream
        self.meters = meters
        self.phase = phase
        self.handle = handle
    }
}
