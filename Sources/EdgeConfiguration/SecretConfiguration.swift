package import EdgeTypes

/// Someone who may sign tokens.
package struct SecretConfiguration: Sendable, Hashable {
    /// `file`: the file that holds the secret and nothing else, or in which the inline one is written.
    package var file: String
    /// `kid`: what tokens call it (RFC 7515 §4.1.4); a hint, never a reason to refuse.
    package var kid: String?
    /// `algorithms`: how tokens may be signed with it; all three by default.
    package var algorithms: [SecretAlgorithm]
    /// `domains`: the names that its tokens may grant; all where empty.
    package var domains: [HostnamePattern]
    /// `ports`: the public TCP ports that its tokens may name; nil stands for ``ordinaryPorts``, or for those of the pool
    /// where ``domains`` are given.
    package var ports: [ClosedRange<UInt16>]?
    /// The secret itself, where an ancestor's file holds it; nil where ``file`` is to be read.
    package var inline: Secret?

    /// Ports that need no special right; below them are those of the machine's own services.
    package static let ordinaryPorts: ClosedRange<UInt16> = 1024...65_535

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - file: the file that holds the secret.
    ///   - kid: what tokens call it.
    ///   - algorithms: how tokens may be signed with it.
    ///   - domains: the names that its tokens may grant; all where empty.
    ///   - ports: the public TCP ports that its tokens may name.
    ///   - inline: the secret itself.
    package init(
        file: String,
        kid: String? = nil,
        algorithms: [SecretAlgorithm] = SecretAlgorithm.allCases,
        domains: [HostnamePattern] = [],
        ports: [ClosedRange<UInt16>]? = nil,
        inline: Secret? = nil
    ) {
        self.file = file
        self.kid = kid
        self.algorithms = algorithms
        self.domains = domains
        self.ports = ports
        self.inline = inline
    }
}
