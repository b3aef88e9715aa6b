import EdgeOpenSSL

/// Bytes that both ends of a transfer know: the same at the same offset, and no two neighbourhoods alike.
package enum Pattern {
    /// A prime near 64 KiB, so that no block of the relay's sees the same bytes twice in a row.
    private static let period = 65_521
    private static let block: [UInt8] = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<Self.period).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }()

    /// A part of the pattern.
    ///
    /// - Parameters:
    ///   - count: how many bytes.
    ///   - offset: where the part begins.
    /// - Returns: the bytes.
    package static func bytes(_ count: Int, from offset: Int = 0) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            self.block.withUnsafeBytes { block in
                while filled < count {
                    let start = (offset + filled) % self.period
                    let length = min(count - filled, self.period - start)
                    UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<filled + length]
                    )
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[start..<start + length]))
                    filled += length
                }
            }
        }
    }

    /// The SHA-256 digest of bytes, as hexadecimal text.
    ///
    /// - Parameter bytes: what to digest.
    /// - Returns: 64 characters.
    package static func digest(_ bytes: [UInt8]) -> String {
        self.hexadecimal(MessageDigest.sha256(bytes.span.bytes))
    }

    /// Bytes as hexadecimal text.
    ///
    /// - Parameter bytes: what to show.
    /// - Returns: two characters a byte.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The bytes that hexadecimal text stands for.
    ///
    /// - Parameter text: two characters a byte.
    /// - Returns: the bytes; what is no digit counts as zero.
    package static func bytes(hexadecimal text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
