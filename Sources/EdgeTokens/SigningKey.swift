package import EdgeTypes

/// A secret that signs tokens, and what it may sign.
///
/// Prints as dots.
package struct SigningKey: Sendable {
    /// Below how many bytes a secret is short: HS256 wants as many as its hash has (RFC 7518 §3.2).
    package static let recommendedLength = 32

    /// What logs call the key: its kid or its file's name.
    package let id: String
    /// The `kid` of tokens that this key signed, where it has one.
    package let kid: String?
    /// The algorithms that the secret may be used with.
    package let algorithms: Set<TokenAlgorithm>
    /// The names that the secret may grant; empty: all.
    package let domains: [HostnamePattern]
    /// The TCP ports that the secret may grant; nil: all.
    package let ports: [ClosedRange<UInt16>]?
    /// The secret; it does not leave this room.
    let secret: [UInt8]

    /// Creates a key.
    ///
    /// - Parameters:
    ///   - id: what logs call the key; never the secret.
    ///   - kid: the `kid` of tokens that it signs.
    ///   - secret: the secret's bytes, as they are; the caller has cut off what a file has around them.
    ///   - algorithms: the algorithms that it may be used with.
    ///   - domains: the names that it may grant; empty: all.
    ///   - ports: the TCP ports that it may grant; nil: all.
    package init(
        id: String,
        kid: String? = nil,
        secret: [UInt8],
        algorithms: Set<TokenAlgorithm> = Set(TokenAlgorithm.allCases),
        domains: [HostnamePattern] = [],
        ports: [ClosedRange<UInt16>]? = nil
    ) {
        self.id = id
        self.kid = kid
        self.secret = secret
        self.algorithms = algorithms
        self.domains = domains
        self.ports = ports
    }

    /// Whether the secret is shorter than ``recommendedLength``: usable, and worth a warning.
    package var isShort: Bool { self.secret.count < Self.recommendedLength }

    /// Whether both keys hold the same secret, whatever they are called.
    ///
    /// - Parameter other: another key.
    /// - Returns: true when tokens of one verify with the other.
    package func hasSameSecret(as other: SigningKey) -> Bool {
        self.secret == other.secret
    }

    /// Whether the key may grant names.
    ///
    /// - Parameter pattern: what a token grants.
    /// - Returns: true when one of ``domains`` holds every name of the pattern, or there are none.
    package func mayGrant(_ pattern: HostnamePattern) -> Bool {
        self.domains.isEmpty || self.domains.contains { Self.covers($0, pattern) }
    }

    /// Whether the key may grant TCP ports.
    ///
    /// - Parameter range: what a token grants.
    /// - Returns: true when one of ``ports`` holds all of them, or there is no such limit.
    package func mayGrant(_ range: ClosedRange<UInt16>) -> Bool {
        guard let ports else { return true }
        return ports.contains { $0.contains(range.lowerBound) && $0.contains(range.upperBound) }
    }

    private static func covers(_ allowed: HostnamePattern, _ granted: HostnamePattern) -> Bool {
        switch (allowed, granted) {
        case (.any, _): true
        case (_, .exact(let name)): allowed.matches(name)
        case (.below(let outer), .below(let inner)): outer == inner || allowed.matches(inner)
        case (.exact, .below), (.exact, .any), (.below, .any): false
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key's name, and dots.
    package var description: String { "SigningKey(\(self.id), ••••••)" }

    /// The key's name, and dots.
    package var debugDescription: String { self.description }

    /// Nothing to look into.
    package var customMirror: Mirror { Mirror(self, children: [("id", self.id)]) }
}
