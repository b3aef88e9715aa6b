import EdgeTokens
import EdgeTypes

/// The work that every tunnel's token costs.
enum TokenOperations {
    /// - Returns: the operations.
    /// - Throws: where no token can be signed.
    static func all() throws -> [Operation] {
        let now = 1_800_000_000
        let key = SigningKey(id: "main", secret: Array("a secret of forty bytes, as it should be".utf8))
        let domains = ["app.customer-4711.example.com", "*.preview.customer-4711.example.com"]
        let claims = TokenClaims(
            domains: domains.compactMap { HostnamePattern($0) },
            subject: "customer-4711",
            expiry: now + 86_400
        )
        let token = try TokenSigner.sign(claims, with: key)
        let verifier = TokenVerifier(keys: [key], leeway: .seconds(30))
        return [Operation.single("token.verify") { keep(try? verifier.verify(token, at: now)) }]
    }
}
