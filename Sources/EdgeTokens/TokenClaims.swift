package import EdgeTypes

/// What a token says.
package struct TokenClaims: Sendable, Hashable {
    /// The most names in a token: every one is an entry in the relay's table, and the longest token holds some 4000.
    package static let maximumDomains = 512
    /// The most entries in `ports`; a range counts once.
    ///
    /// How many ports a token may hold at once is the relay's setting.
    package static let maximumPorts = 256
    /// The longest subject, device id or device name, in bytes: they stand in every log line of a tunnel.
    package static let maximumTextLength = 255

    /// The names that the token grants, in the order of the token, each once.
    package var domains: [HostnamePattern]
    /// The TCP ports that the token grants, in the order of the token.
    package var ports: [ClosedRange<UInt16>]
    /// Whether the token may ask for any TCP port of the relay's pool.
    package var allowsTCP: Bool
    /// The machine that the token was made for.
    package var device: TokenDevice?
    /// Whom the token speaks of.
    package var subject: String?
    /// When the token ends, in Unix seconds; nil for never.
    package var expiry: Int?
    /// When the token begins, in Unix seconds; nil for always.
    package var notBefore: Int?
    /// When the token was made, in Unix seconds; shown, never checked.
    package var issuedAt: Int?
    /// Whom the token was made for; shown, never checked.
    package var audience: [String]

    /// Creates claims.
    ///
    /// - Parameters:
    ///   - domains: the names that the token grants.
    ///   - ports: the TCP ports that the token grants.
    ///   - allowsTCP: whether it may ask for any TCP port of the relay's pool.
    ///   - device: the machine that it is made for.
    ///   - subject: whom it speaks of.
    ///   - expiry: when it ends, in Unix seconds.
    ///   - notBefore: when it begins, in Unix seconds.
    ///   - issuedAt: when it is made, in Unix seconds.
    ///   - audience: whom it is made for.
    package init(
        domains: [HostnamePattern] = [],
        ports: [ClosedRange<UInt16>] = [],
        allowsTCP: Bool = false,
        device: TokenDevice? = nil,
        subject: String? = nil,
        expiry: Int? = nil,
        notBefore: Int? = nil,
        issuedAt: Int? = nil,
        audience: [String] = []
    ) {
        self.domains = domains
        self.ports = ports
        self.allowsTCP = allowsTCP
        self.device = device
        self.subject = subject
        self.expiry = expiry
        self.notBefore = notBefore
        self.issuedAt = issuedAt
        self.audience = audience
    }

    /// Whether the token grants nothing at all.
    package var isEmpty: Bool { self.domains.isEmpty && self.ports.isEmpty && !self.allowsTCP }
}
