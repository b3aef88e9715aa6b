/// The masking of a client's payload (RFC 6455 §5.3).
package enum WebSocketMask {
    /// Masks or unmasks bytes in place; doing it twice undoes it.
    ///
    /// - Parameters:
    ///   - key: the four bytes of the key, the first on the wire being the most significant.
    ///   - bytes: where the payload lies.
    ///   - range: which bytes of it are changed; inside `bytes`.
    ///   - phase: how many bytes of the same payload came before, zero or more.
    package static func apply(key: UInt32, to bytes: inout MutableRawSpan, range: Range<Int>, phase: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount, "masks bytes outside of the span")
        let shift = UInt32(truncatingIfNeeded: phase & 3) * 8
        let turned = key << shift | key >> ((32 - shift) & 31)
        let word = (UInt64(turned) << 32 | UInt64(turned)).bigEndian
        bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            var offset = range.lowerBound
            let end = range.upperBound
            let wide = SIMD8<UInt64>(repeating: word)
            while end - offset >= 64 {
                let part = base.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
                base.storeBytes(of: part ^ wide, toByteOffset: offset, as: SIMD8<UInt64>.self)
                offset += 64
            }
            while end - offset >= 8 {
                let part = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                base.storeBytes(of: part ^ word, toByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            var rest = turned
            while offset < end {
                rest = rest << 8 | rest >> 24
                let octet = base.load(fromByteOffset: offset, as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
                base.storeBytes(of: octet, toByteOffset: offset, as: UInt8.self)
                offset += 1
            }
        }
    }
}
