/// The claims that are read, named for messages.
package enum TokenClaimName: String, Sendable, Hashable, CaseIterable {
    /// Names that the token grants.
    case domains
    /// One name, as clients before October 2016 wrote it.
    case name
    /// TCP ports that the token grants.
    case ports
    /// Whether the token may ask for any TCP port of the relay's pool.
    case tcp
    /// The machine that the token was made for.
    case device
    /// Whom the token speaks of (RFC 7519 §4.1.2).
    case subject = "sub"
    /// When the token ends (RFC 7519 §4.1.4).
    case expiry = "exp"
    /// When the token begins (RFC 7519 §4.1.5).
    case notBefore = "nbf"
    /// When the token was made (RFC 7519 §4.1.6); shown, never checked.
    case issuedAt = "iat"
    /// Whom the token was made for (RFC 7519 §4.1.3); shown, never checked: clients write what they dialed.
    case audience = "aud"
}
