import EdgeOpenSSL
import EdgeTokens
import EdgeTypes

/// Tokens: as a peer shows them, and as somebody makes them who has a secret.
enum TokenFuzzing {
    private static let secret = Array("a secret that everybody may know, as it signs nothing real".utf8)
    private static let narrow = Array("another one, which may grant little".utf8)
    private static let now = 1_700_000_000

    private static let verifier = TokenVerifier(
        keys: [
            SigningKey(id: "first", kid: "1", secret: secret),
            SigningKey(
                id: "second",
                secret: narrow,
                algorithms: [.hs256],
                domains: ["*.example.com", "example.org"].compactMap { HostnamePattern($0) },
                ports: [5000...5999]
            ),
        ],
        leeway: .seconds(30),
        reserved: ["tunnel.example.com"].compactMap { Hostname($0) }
    )

    /// Feeds bytes.
    ///
    /// - Parameter bytes: the first says what the others are: a token, header and payload to be signed, or a payload
    ///   under a good header.
    /// - Throws: the promise that was broken.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let algorithm = TokenAlgorithm.allCases[Int(first >> 4) % TokenAlgorithm.allCases.count]
        let key = first & 0x80 == 0 ? self.secret : self.narrow
        switch first & 3 {
        case 0:
            try self.check(String(decoding: rest, as: UTF8.self), mayVerify: false)
        case 1:
            let parts = rest.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
            try self.check(self.signed(parts.first ?? [], parts.count > 1 ? parts[1] : [], key, algorithm))
        default:
            let kid = first & 4 == 0 ? "" : ",\"kid\":\"1\""
            let header = Array("{\"alg\":\"\(algorithm.rawValue)\"\(kid)}".utf8)
            try self.check(self.signed(header, rest, key, algorithm))
        }
    }

    /// A token as anybody with the secret could make it.
    private static func signed(
        _ header: [UInt8],
        _ payload: [UInt8],
        _ key: [UInt8],
        _ algorithm: TokenAlgorithm
    ) -> String {
        let text = Base64URL.encode(header.span.bytes) + "." + Base64URL.encode(payload.span.bytes)
        let message = Array(text.utf8)
        let signature =
            switch algorithm {
            case .hs256: MessageAuthenticationCode.compute(.sha256, key: key, message: message.span.bytes)
            case .hs384: MessageAuthenticationCode.compute(.sha384, key: key, message: message.span.bytes)
            case .hs512: MessageAuthenticationCode.compute(.sha512, key: key, message: message.span.bytes)
            }
        return text + "." + Base64URL.encode(signature.span.bytes)
    }

    private static func check(_ token: String, mayVerify: Bool = true) throws(FuzzFinding) {
        let verified: VerifiedToken
        do throws(TokenError) {
            verified = try self.verifier.verify(token, at: self.now)
        } catch {
            try FuzzFinding.unless(!"\(error)".contains("everybody may know"), "an error shows a secret")
            return
        }
        try FuzzFinding.unless(mayVerify, "a token that nobody signed: \(token)")
        let claims = verified.claims
        try FuzzFinding.unless(!claims.isEmpty, "a token that grants nothing")
        let isBounded =
            claims.domains.count <= TokenClaims.maximumDomains && claims.ports.count <= TokenClaims.maximumPorts
            && (claims.subject?.utf8.count ?? 0) <= TokenClaims.maximumTextLength
        try FuzzFinding.unless(isBounded, "claims above their limits")
        try FuzzFinding.unless((claims.expiry ?? .max) > self.now - 30, "a token that has ended")
        try FuzzFinding.unless((claims.notBefore ?? .min) <= self.now + 30, "a token that has not begun")
        let isReserved = claims.domains.contains { "\($0)" == "tunnel.example.com" }
        try FuzzFinding.unless(!isReserved, "a name of the relay's own")
        try self.checkAgain(claims)
    }

    /// Claims that verify are written and verify again, as the same.
    private static func checkAgain(_ claims: TokenClaims) throws(FuzzFinding) {
        let again: TokenClaims
        do throws(TokenError) {
            let token = try TokenSigner.sign(claims, with: SigningKey(id: "first", kid: "1", secret: self.secret))
            again = try self.verifier.verify(token, at: self.now).claims
        } catch .tooLong {
            return
        } catch {
            throw FuzzFinding("claims that were good are refused: \(error)")
        }
        try FuzzFinding.unless(again == claims, "claims that were written are read as others")
    }
}
