import CSSL

/// Digests of messages that are in memory as a whole.
package enum MessageDigest {
    /// The SHA-1 digest, for protocols that name it and do not rest their safety on it (RFC 6455 §4.2.2).
    ///
    /// - Parameter bytes: the message.
    /// - Returns: 20 bytes.
    package static func sha1(_ bytes: RawSpan) -> [UInt8] {
        self.digest(bytes, length: 20) { message, count, output in _ = SHA1(message, count, output) }
    }

    /// The SHA-256 digest (FIPS 180-4).
    ///
    /// - Parameter bytes: the message.
    /// - Returns: 32 bytes.
    package static func sha256(_ bytes: RawSpan) -> [UInt8] {
        self.digest(bytes, length: 32) { message, count, output in _ = SHA256(message, count, output) }
    }

    private static func digest(
        _ bytes: RawSpan,
        length: Int,
        _ compute: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?) -> Void
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length) { output, count in
            bytes.withUnsafeBytes { compute($0.bindMemory(to: UInt8.self).baseAddress, $0.count, output.baseAddress) }
            count = length
        }
    }
}
