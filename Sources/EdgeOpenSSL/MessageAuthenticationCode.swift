import CSSL

/// Keyed digests (HMAC, RFC 2104), and their comparison.
package enum MessageAuthenticationCode {
    /// The digest under the code.
    package enum Algorithm: Sendable, CaseIterable {
        /// HMAC with SHA-256: 32 bytes.
        case sha256
        /// HMAC with SHA-384: 48 bytes.
        case sha384
        /// HMAC with SHA-512: 64 bytes.
        case sha512

        /// Bytes in a code.
        package var length: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        fileprivate var digest: OpaquePointer? {
            switch self {
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    /// Computes a code.
    ///
    /// - Parameters:
    ///   - algorithm: the digest under it.
    ///   - key: the secret, of any length.
    ///   - message: what is signed.
    /// - Returns: as many bytes as the algorithm gives, or none where OpenSSL has no such digest.
    package static func compute(_ algorithm: Algorithm, key: [UInt8], message: RawSpan) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: algorithm.length) { output, count in
            var length: UInt32 = 0
            // An empty key is a key; OpenSSL takes a null pointer for none, so it gets an address in any case.
            let code = message.withUnsafeBytes { message in
                key.withUnsafeBytes { key in
                    withUnsafePointer(to: UInt8(0)) { nothing in
                        HMAC(
                            algorithm.digest,
                            key.baseAddress ?? UnsafeRawPointer(nothing),
                            Int32(clamping: key.count),
                            message.bindMemory(to: UInt8.self).baseAddress,
                            message.count,
                            output.baseAddress,
                            &length
                        )
                    }
                }
            }
            count = code == nil ? 0 : min(Int(length), algorithm.length)
        }
    }

    /// Compares two codes in a time that does not tell where they differ.
    ///
    /// - Parameters:
    ///   - left: a code.
    ///   - right: a code; another length is another code.
    /// - Returns: true when both hold the same bytes, and at least one.
    package static func isEqual(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount, !left.isEmpty else { return false }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0 }
        }
    }
}
