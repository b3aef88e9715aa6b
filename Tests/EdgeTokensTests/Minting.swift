import EdgeOpenSSL
import EdgeTokens

/// Makes tokens by hand, also such as the signer would never make.
enum Minting {
    /// The secret that the ancestors' examples use.
    static let secret = [UInt8]("abc123".utf8)
    /// A key that may sign anything.
    static let key = SigningKey(id: "main", secret: secret)
    /// A moment; no test depends on the wall's clock.
    static let now = 1_800_000_000

    /// Base64url of bytes.
    static func encode(_ bytes: [UInt8]) -> String {
        Base64URL.encode(bytes.span.bytes)
    }

    /// Bytes of base64url.
    static func decode(_ text: String) -> [UInt8]? {
        let bytes = [UInt8](text.utf8)
        return Base64URL.decode(bytes.span.bytes)
    }

    /// Signs a header and a payload as they are.
    static func token(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        payload: [UInt8],
        secret: [UInt8] = secret
    ) -> String {
        let signed = Self.encode([UInt8](header.utf8)) + "." + Self.encode(payload)
        let message = [UInt8](signed.utf8)
        let signature =
            if header.contains("HS512") {
                MessageAuthenticationCode.compute(.sha512, key: secret, message: message.span.bytes)
            } else if header.contains("HS384") {
                MessageAuthenticationCode.compute(.sha384, key: secret, message: message.span.bytes)
            } else {
                MessageAuthenticationCode.compute(.sha256, key: secret, message: message.span.bytes)
            }
        return signed + "." + Self.encode(signature)
    }

    /// Signs a payload's text.
    static func token(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        _ payload: String,
        secret: [UInt8] = secret
    ) -> String {
        Self.token(header: header, payload: [UInt8](payload.utf8), secret: secret)
    }

    /// A verifier that trusts ``key``, without leeway.
    static let verifier = TokenVerifier(keys: [key], leeway: .zero)
}
