package import EdgeMetering
package import EdgeTypes

/// An open connection at an instant, with what its meters read.
package struct ConnectionSnapshot: Sendable {
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
    /// What it speaks.
    package let applicationProtocol: ApplicationProtocol
    /// The name that it asked for.
    package let name: Hostname?
    /// The way it went, one token.
    package let decision: String
    /// The tunnel that serves it, or that it is.
    package let tunnel: TunnelID?
    /// The address that serves it, as it is written.
    package let upstream: String?
    /// Where it stands.
    package let phase: ConnectionRecord.Phase
    /// Bytes over its socket.
    package let raw: MeterReading
    /// Bytes carried in it.
    package let payload: MeterReading

    /// Reads a record's meters.
    ///
    /// - Parameter record: the record.
    package init(_ record: ConnectionRecord) {
        self.id = record.id
        self.accepted = record.accepted
        self.acceptedUnixSeconds = record.acceptedUnixSeconds
        self.peer = record.peer
        self.listener = record.listener
        self.applicationProtocol = record.applicationProtocol
        self.name = record.name
        self.decision = record.decision
        self.tunnel = record.tunnel
        self.upstream = record.upstream
        self.phase = record.phase
        self.raw = record.meters.raw
        self.payload = record.meters.payload
    }
}
