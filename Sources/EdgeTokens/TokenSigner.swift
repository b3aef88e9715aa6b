import EdgeTypes
import FoundationEssentials

/// Claims to tokens.
package enum TokenSigner {
    /// Signs claims.
    ///
    /// - Parameters:
    ///   - claims: what the token says; not checked against what a relay would accept.
    ///   - key: the secret; its `kid`, where it has one, goes into the header.
    ///   - algorithm: how to sign.
    /// - Returns: the token's text.
    /// - Throws: ``TokenError/algorithmNotAllowed(_:)``, ``TokenError/nameNotAllowed(_:keyID:)`` or
    ///   ``TokenError/tooLong(actual:limit:)``: the token would verify nowhere; ``TokenError/signingFailed(_:)`` where
    ///   OpenSSL lacks the hash.
    package static func sign(
        _ claims: TokenClaims,
        with key: SigningKey,
        algorithm: TokenAlgorithm = .hs256
    ) throws(TokenError) -> String {
        guard key.algorithms.contains(algorithm) else { throw .algorithmNotAllowed(algorithm) }
        if let denied = claims.domains.first(where: { !key.mayGrant($0) }) {
            throw .nameNotAllowed(denied, keyID: key.id)
        }
        if let denied = claims.ports.first(where: { !key.mayGrant($0) }) {
            throw .portNotAllowed(PortRange(denied), keyID: key.id)
        }
        let header: [UInt8]
        let payload: [UInt8]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            header = [UInt8](try encoder.encode(Header(alg: algorithm.rawValue, kid: key.kid, typ: "JWT")))
            payload = [UInt8](try encoder.encode(Payload(claims)))
        } catch {
            throw .malformedClaims
        }
        let signed = Base64URL.encode(header.span.bytes) + "." + Base64URL.encode(payload.span.bytes)
        let signature = TokenSignature.make([UInt8](signed.utf8).span.bytes, key: key, algorithm: algorithm)
        guard signature.count == algorithm.signatureLength else { throw .signingFailed(algorithm) }
        let token = signed + "." + Base64URL.encode(signature.span.bytes)
        guard token.utf8.count <= CompactToken.maximumLength else {
            throw .tooLong(actual: token.utf8.count, limit: CompactToken.maximumLength)
        }
        return token
    }

    private struct Header: Encodable {
        let alg: String
        let kid: String?
        let typ: String
    }

    private struct Payload: Encodable {
        let claims: TokenClaims

        init(_ claims: TokenClaims) {
            self.claims = claims
        }

        private enum DeviceKey: String, CodingKey {
            case id
            case hostname
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: TokenClaimName.self)
            try container.encode(self.claims.domains.map(\.description), forKey: .domains)
            if !self.claims.ports.isEmpty {
                var ports = container.nestedUnkeyedContainer(forKey: .ports)
                for range in self.claims.ports {
                    if range.count == 1 {
                        try ports.encode(range.lowerBound)
                    } else {
                        try ports.encode(PortRange(range).description)
                    }
                }
            }
            if self.claims.allowsTCP { try container.encode(true, forKey: .tcp) }
            if let device = self.claims.device {
                var fields = container.nestedContainer(keyedBy: DeviceKey.self, forKey: .device)
                try fields.encodeIfPresent(device.id, forKey: .id)
                try fields.encodeIfPresent(device.hostname, forKey: .hostname)
            }
            try container.encodeIfPresent(self.claims.subject, forKey: .subject)
            try container.encodeIfPresent(self.claims.expiry, forKey: .expiry)
            try container.encodeIfPresent(self.claims.notBefore, forKey: .notBefore)
            try container.encodeIfPresent(self.claims.issuedAt, forKey: .issuedAt)
            if self.claims.audience.count == 1 {
                try container.encode(self.claims.audience[0], forKey: .audience)
            } else if !self.claims.audience.isEmpty {
                try container.encode(self.claims.audience, forKey: .audience)
            }
        }
    }
}
