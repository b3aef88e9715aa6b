package import EdgeTypes

/// What is known about an arrival when the table is asked.
package struct RoutingQuestion: Sendable, Hashable {
    /// What the connection speaks.
    package var `protocol`: ApplicationProtocol
    /// The name that it asks for (SNI or Host), or nil where it gives none that can be read.
    package var name: Hostname?
    /// Whether it is a GET or HEAD below `/.well-known/acme-challenge/` (RFC 8555 §8.3).
    package var isACMEChallenge: Bool
    /// Whether TLS without a name ended here before, and these are the first bytes inside it.
    package var isInsideTLS: Bool
    /// Whether a tunnel holds the name; `nobody` without a name.
    package var presence: NamePresence
    /// NAME where the name is `ssh.NAME`, a tunnel holds NAME, and nobody holds the name itself.
    package var sshOwner: Hostname?
    /// Whether one of the listener's certificates covers the name.
    package var certificateCovers: Bool
    /// Whether the listener has a certificate for names that none covers.
    package var hasDefaultCertificate: Bool
    /// Whether a WebSocket without TLS may reach the tunnel host.
    package var insecureTunnel: Bool
    /// What the listener does with first bytes that name nobody.
    package var fallback: Fallback

    /// Creates a question; what is left out is the least that can be known.
    ///
    /// - Parameters:
    ///   - protocol: what the connection speaks.
    ///   - name: the name that it asks for.
    ///   - isACMEChallenge: whether it is a certificate authority's challenge.
    ///   - isInsideTLS: whether TLS without a name ended here before.
    ///   - presence: whether a tunnel holds the name.
    ///   - sshOwner: NAME where the name is `ssh.NAME` and only NAME is held.
    ///   - certificateCovers: whether a certificate covers the name.
    ///   - hasDefaultCertificate: whether there is a certificate for all other names.
    ///   - insecureTunnel: whether a WebSocket without TLS may reach the tunnel host.
    ///   - fallback: what the listener does with first bytes that name nobody.
    package init(
        protocol: ApplicationProtocol,
        name: Hostname? = nil,
        isACMEChallenge: Bool = false,
        isInsideTLS: Bool = false,
        presence: NamePresence = .nobody,
        sshOwner: Hostname? = nil,
        certificateCovers: Bool = false,
        hasDefaultCertificate: Bool = false,
        insecureTunnel: Bool = false,
        fallback: Fallback = .refuse
    ) {
        self.protocol = `protocol`
        self.name = name
        self.isACMEChallenge = isACMEChallenge
        self.isInsideTLS = isInsideTLS
        self.presence = presence
        self.sshOwner = sshOwner
        self.certificateCovers = certificateCovers
        self.hasDefaultCertificate = hasDefaultCertificate
        self.insecureTunnel = insecureTunnel
        self.fallback = fallback
    }
}
