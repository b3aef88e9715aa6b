import EdgeOpenSSL

/// Tokens made by hand: any claims, any header, any secret (RFC 7515 §3.1).
package enum TestToken {
    /// The secret that journeys sign with: the old one, often enough to be long enough.
    package static let secret = String(repeating: "abc123", count: 6)

    /// A token that grants names.
    ///
    /// - Parameters:
    ///   - domains: the names.
    ///   - secret: what signs it.
    /// - Returns: the token.
    package static func granting(_ domains: [String], secret: String = Self.secret) -> String {
        let names = domains.map { "\"\($0)\"" }.joined(separator: ",")
        return self.make("{\"domains\":[\(names)]}", secret: secret)
    }

    /// A token of any claims.
    ///
    /// - Parameters:
    ///   - claims: JSON.
    ///   - secret: what signs it.
    /// - Returns: the token.
    package static func make(_ claims: String, secret: String = Self.secret) -> String {
        let message =
            self.encode(Array("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".utf8)) + "." + self.encode(Array(claims.utf8))
        let code = MessageAuthenticationCode.compute(
            .sha256,
            key: Array(secret.utf8),
            message: Array(message.utf8).span.bytes
        )
        return message + "." + self.encode(code)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes.span.bytes)
        return String(text.compactMap { ["+": "-", "/": "_", "=": nil][$0] ?? $0 })
    }
}
