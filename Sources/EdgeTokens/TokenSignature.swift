import EdgeOpenSSL

/// The signature of a token (RFC 7518 §3.2).
enum TokenSignature {
    /// Signs bytes.
    static func make(_ bytes: RawSpan, key: SigningKey, algorithm: TokenAlgorithm) -> [UInt8] {
        switch algorithm {
        case .hs256: MessageAuthenticationCode.compute(.sha256, key: key.secret, message: bytes)
        case .hs384: MessageAuthenticationCode.compute(.sha384, key: key.secret, message: bytes)
        case .hs512: MessageAuthenticationCode.compute(.sha512, key: key.secret, message: bytes)
        }
    }

    /// Whether the key made the signature; the time it takes tells nothing about the right one.
    static func isValid(_ token: CompactToken, key: SigningKey, algorithm: TokenAlgorithm) -> Bool {
        let expected = Self.make(token.signedBytes.span.bytes, key: key, algorithm: algorithm)
        // A provider without the hash gives no bytes, and no bytes are nobody's signature.
        guard expected.count == algorithm.signatureLength else { return false }
        return MessageAuthenticationCode.isEqual(expected.span.bytes, token.signature.span.bytes)
    }
}
