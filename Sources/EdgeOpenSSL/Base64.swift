import CSSL

/// Base64 with the standard alphabet and padding (RFC 4648 §4).
package enum Base64 {
    /// The longest run that OpenSSL's `int` lengths can take: three quarters of its range, in whole groups.
    private static let longestRun = 3 << 28

    /// Encodes bytes.
    ///
    /// - Parameter bytes: anything.
    /// - Returns: four characters for every three bytes begun.
    package static func encode(_ bytes: RawSpan) -> String {
        var text = ""
        var offset = 0
        while offset < bytes.byteCount {
            let count = min(bytes.byteCount - offset, Self.longestRun)
            text += Self.encodeRun(bytes.extracting(offset..<offset + count))
            offset += count
        }
        return text
    }

    private static func encodeRun(_ bytes: RawSpan) -> String {
        // EVP_EncodeBlock ends what it writes with a zero byte, so the capacity has one more.
        var characters = [UInt8](repeating: 0, count: (bytes.byteCount + 2) / 3 * 4 + 1)
        let count = bytes.withUnsafeBytes { bytes in
            EVP_EncodeBlock(&characters, bytes.bindMemory(to: UInt8.self).baseAddress, Int32(clamping: bytes.count))
        }
        return String(decoding: characters.prefix(max(0, Int(count))), as: UTF8.self)
    }
}
