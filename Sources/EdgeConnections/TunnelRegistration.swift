package import EdgeTypes

/// What a tunnel asks for when it registers.
package struct TunnelRegistration<Member: Sendable>: Sendable {
    /// The tunnel.
    package let id: TunnelID
    /// Who the client is, the same over its reconnects; nil where it does not say.
    package let identity: String?
    /// Which secret signed the token that grants the names.
    package let signer: String
    /// The names that the token grants.
    package let patterns: [HostnamePattern]
    /// The public TCP ports that the token grants.
    package let ports: [UInt16]
    /// When it registers, in Unix seconds.
    package let since: Int
    /// What a lookup answers with.
    package let member: Member

    /// Creates a registration.
    ///
    /// - Parameters:
    ///   - id: the tunnel; a number of ``TunnelRegistry/nextID()``.
    ///   - identity: who the client is, the same over its reconnects.
    ///   - signer: which secret signed the token.
    ///   - patterns: the names that the token grants.
    ///   - ports: the public TCP ports that the token grants.
    ///   - since: when it registers, in Unix seconds.
    ///   - member: what a lookup answers with.
    package init(
        id: TunnelID,
        identity: String?,
        signer: String,
        patterns: [HostnamePattern],
        ports: [UInt16] = [],
        since: Int,
        member: Member
    ) {
        self.id = id
        self.identity = identity
        self.signer = signer
        self.patterns = patterns
        self.ports = ports
        self.since = since
        self.member = member
    }
}
