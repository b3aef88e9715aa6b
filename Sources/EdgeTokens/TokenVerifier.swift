package import EdgeTypes

/// Tokens to claims: form, then algorithm, then signature, and only then what the token says.
///
/// A verifier is a value: after a change of secrets it is replaced, not edited.
package struct TokenVerifier: Sendable {
    private let keys: [SigningKey]
    private let leeway: Int
    private let reserved: Set<Hostname>

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - keys: the secrets that may have signed.
    ///   - leeway: how far clocks may be apart; counted in whole seconds.
    ///   - reserved: the relay's own names, which no token may grant. A wildcard above them is accepted, and does not
    ///     grant them: the relay's own names are routed first.
    package init(keys: [SigningKey], leeway: Duration, reserved: [Hostname] = []) {
        self.keys = keys
        self.leeway = Int(clamping: max(0, leeway.components.seconds))
        self.reserved = Set(reserved)
    }

    /// Verifies a token.
    ///
    /// - Parameters:
    ///   - token: the token's text.
    ///   - unixSeconds: the time, in Unix seconds.
    /// - Returns: what the token says and who signed it.
    /// - Throws: why it is refused.
    package func verify(_ token: String, at unixSeconds: Int) throws(TokenError) -> VerifiedToken {
        let token = try CompactToken(token)
        let signers = try self.signers(of: token)
        let claims = try TokenClaims(json: token.payload)
        try self.checkTimes(of: claims, at: unixSeconds)
        let signer = try Self.entitled(signers, to: claims)
        for case .exact(let name) in claims.domains where self.reserved.contains(name) {
            throw .reservedName(name)
        }
        guard !claims.isEmpty else { throw .grantsNothing }
        return VerifiedToken(claims: claims, keyID: signer.id)
    }

    /// The keys that made the signature; several when one secret is written down twice.
    private func signers(of token: CompactToken) throws(TokenError) -> [SigningKey] {
        guard !token.header.isUnsigned else { throw .unsigned }
        guard let algorithm = token.header.algorithm else { throw .unknownAlgorithm }
        let allowed = self.keys.filter { $0.algorithms.contains(algorithm) }
        guard !allowed.isEmpty || self.keys.isEmpty else { throw .algorithmNotAllowed(algorithm) }
        let named = allowed.filter { $0.kid != nil && $0.kid == token.header.keyID }
        let signers = named.filter { TokenSignature.isValid(token, key: $0, algorithm: algorithm) }
        guard signers.isEmpty else { return signers }
        let others = allowed.filter { $0.kid == nil || $0.kid != token.header.keyID }
        let otherSigners = others.filter { TokenSignature.isValid(token, key: $0, algorithm: algorithm) }
        guard !otherSigners.isEmpty else { throw .signatureMismatch(secretsTried: allowed.count) }
        return otherSigners
    }

    /// RFC 7519 §4.1.4 and §4.1.5: on or after `exp` and before `nbf` a token counts for nothing.
    private func checkTimes(of claims: TokenClaims, at now: Int) throws(TokenError) {
        if let expiry = claims.expiry {
            let (end, overflow) = expiry.addingReportingOverflow(self.leeway)
            guard overflow || now < end else { throw .expired(at: expiry, now: now) }
        }
        if let notBefore = claims.notBefore {
            let (start, overflow) = notBefore.subtractingReportingOverflow(self.leeway)
            guard overflow || now >= start else { throw .notYetValid(from: notBefore, now: now) }
        }
    }

    /// The first of the signers that may grant every name and port.
    private static func entitled(_ signers: [SigningKey], to claims: TokenClaims) throws(TokenError) -> SigningKey {
        var refusal: TokenError?
        for signer in signers {
            if let denied = claims.domains.first(where: { !signer.mayGrant($0) }) {
                refusal = refusal ?? .nameNotAllowed(denied, keyID: signer.id)
            } else if let denied = claims.ports.first(where: { !signer.mayGrant($0) }) {
                refusal = refusal ?? .portNotAllowed(PortRange(denied), keyID: signer.id)
            } else {
                return signer
            }
        }
        throw refusal ?? .signatureMismatch(secretsTried: signers.count)
    }
}
