package import EdgeTypes

/// Why a token was refused.
///
/// No case carries a secret, a signature or the text of a token. Names and ports are carried only as far as an operator
/// needs them to mend the token.
package enum TokenError: Error, Sendable, Hashable {
    // The form; the peer's fault.
    /// The token is longer than ``CompactToken/maximumLength``.
    case tooLong(actual: Int, limit: Int)
    /// The token has not exactly three parts between dots (RFC 7515 §7.1).
    case notThreeParts
    /// A part is not base64url without padding (RFC 7515 §2).
    case notBase64URL(CompactToken.Part)
    /// The header is not a JSON object with an `alg` (RFC 7515 §4).
    case malformedHeader
    /// The header asks for extensions that nobody here understands (RFC 7515 §4.1.11).
    case criticalExtension

    // The signature; the fault of whoever made the token, or an attack.
    /// The header says `none`: nobody signed the token (RFC 7515 §6).
    case unsigned
    /// The header names an algorithm that is not one of the three.
    case unknownAlgorithm
    /// No secret may be used with this algorithm.
    case algorithmNotAllowed(TokenAlgorithm)
    /// None of the secrets made the signature.
    case signatureMismatch(secretsTried: Int)

    /// OpenSSL made no signature: its providers lack the hash. The installation's fault.
    case signingFailed(TokenAlgorithm)

    // The claims; the fault of whoever made the token.
    /// The payload is not a JSON object (RFC 7519 §7.2).
    case malformedClaims
    /// A claim is of the wrong kind.
    case malformedClaim(TokenClaimName)
    /// A claim is longer than its limit, in bytes.
    case claimTooLong(TokenClaimName, actual: Int, limit: Int)
    /// A claim lists more than its limit.
    case tooMany(TokenClaimName, actual: Int, limit: Int)
    /// What should be a name or a `*.` pattern is neither; shortened and escaped.
    case invalidName(String)
    /// What should be a port or a range of ports is neither; shortened and escaped.
    case invalidPort(String)

    // Time; both in Unix seconds.
    /// The token ended.
    case expired(at: Int, now: Int)
    /// The token has not begun.
    case notYetValid(from: Int, now: Int)

    // The grant; the fault of whoever made the token.
    /// The secret that signed may not grant this name.
    case nameNotAllowed(HostnamePattern, keyID: String)
    /// The secret that signed the token may not grant these ports; the fault of whoever made the token.
    case portNotAllowed(PortRange, keyID: String)
    /// The name is one of the relay's own.
    case reservedName(Hostname)
    /// The token grants no name and no port.
    case grantsNothing

    /// The reason that stands in logs, tables and pages.
    package var closeReason: CloseReason {
        switch self {
        case .expired, .notYetValid: .tokenExpired
        case .nameNotAllowed, .portNotAllowed, .reservedName, .grantsNothing: .nothingGranted
        case .tooLong, .notThreeParts, .notBase64URL, .malformedHeader, .criticalExtension, .unsigned,
            .unknownAlgorithm, .algorithmNotAllowed, .signatureMismatch, .signingFailed, .malformedClaims,
            .malformedClaim, .claimTooLong, .tooMany, .invalidName, .invalidPort:
            .badToken
        }
    }

    /// The status that answers an upgrade with such a token (RFC 9110 §15.5): 401 for a bad token, 403 for one that is
    /// good and grants nothing here.
    package var httpStatus: Int {
        self.closeReason == .nothingGranted ? 403 : 401
    }

    /// The longest piece of a claim that is repeated in a message, in bytes: enough to find it, too little to fill a log.
    package static let longestQuote = 64

    /// Makes a piece of a claim safe for a log.
    ///
    /// - Parameter text: what the token holds.
    /// - Returns: printable ASCII, everything else as `?`, cut at ``longestQuote`` bytes.
    static func quote(_ text: String) -> String {
        let bytes = text.utf8.prefix(Self.longestQuote).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }
        return String(decoding: bytes, as: UTF8.self) + (text.utf8.count > Self.longestQuote ? "…" : "")
    }
}
