import EdgeTypes

extension TokenError: CustomStringConvertible {
    /// The refusal in words for an operator.
    package var description: String {
        switch self {
        case .tooLong(let actual, let limit):
            "the token is \(actual) bytes long, at most \(limit) are accepted"
        case .notThreeParts:
            "the token does not have three parts separated by dots"
        case .notBase64URL(let part):
            "the token's \(part.rawValue) is not base64url without padding"
        case .malformedHeader:
            "the token's header is not a JSON object with an algorithm"
        case .criticalExtension:
            "the token's header asks for extensions that are not supported"
        case .unsigned:
            "the token is not signed (its algorithm is \"none\")"
        case .unknownAlgorithm:
            "the token's algorithm is none of HS256, HS384 and HS512"
        case .algorithmNotAllowed(let algorithm):
            "no secret may be used with the token's algorithm \(algorithm.rawValue)"
        case .signatureMismatch(secretsTried: 0):
            "there is no secret to verify the token with"
        case .signatureMismatch(let count):
            count == 1
                ? "the token was not signed with the secret"
                : "the token was signed with none of \(count) secrets"
        case .signingFailed(let algorithm):
            "OpenSSL offers no \(algorithm.rawValue) on this machine"
        case .malformedClaims:
            "the token's claims are not a JSON object"
        case .malformedClaim(let claim):
            "the token's claim \"\(claim.rawValue)\" is not \(Self.kind(of: claim))"
        case .claimTooLong(let claim, let actual, let limit):
            "the token's claim \"\(claim.rawValue)\" is \(actual) bytes long, at most \(limit) are accepted"
        case .tooMany(let claim, let actual, let limit):
            "the token's claim \"\(claim.rawValue)\" has \(actual) entries, at most \(limit) are accepted"
        case .invalidName(let text):
            "the token grants \"\(text)\", which is neither a host name nor a pattern like *.example.com"
        case .invalidPort(let text):
            "the token grants the port \"\(text)\", which is neither a port from 1 to 65535 nor a range of them"
        case .expired(let instant, let now):
            "the token expired \(Self.seconds(from: instant, to: now)) ago"
        case .notYetValid(let instant, let now):
            "the token only becomes valid in \(Self.seconds(from: now, to: instant))"
        case .nameNotAllowed(let pattern, let keyID):
            "the token grants \(pattern), which the secret \(keyID) may not grant"
        case .portNotAllowed(let range, let keyID):
            "the token grants port \(range), which the secret \(keyID) may not grant"
        case .reservedName(let name):
            "the token grants \(name), which is one of the relay's own names"
        case .grantsNothing:
            "the token grants no name and no port"
        }
    }

    private static func kind(of claim: TokenClaimName) -> String {
        switch claim {
        case .domains: "an array of strings"
        case .ports: "an array of ports and ranges of ports"
        case .tcp: "true or false"
        case .device: "an object whose id and hostname are strings"
        case .name, .subject, .audience: "a string"
        case .expiry, .notBefore, .issuedAt: "a number of seconds"
        }
    }

    private static func seconds(from start: Int, to end: Int) -> String {
        let (difference, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? "a very long time" : "\(max(0, difference)) s"
    }
}
