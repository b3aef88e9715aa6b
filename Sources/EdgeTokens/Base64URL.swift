/// Base64 with the alphabet that is safe in a URL, without padding (RFC 4648 §5, RFC 7515 §2).
///
/// Every sequence of bytes has exactly one text: padding, line breaks, the other alphabet and bits left over at the end
/// are refused.
package enum Base64URL {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Writes bytes as text.
    ///
    /// - Parameter bytes: any bytes.
    /// - Returns: four characters for every three bytes, two or three for what is left over.
    package static func encode(_ bytes: RawSpan) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.byteCount + 2) / 3 * 4)
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for offset in 0..<bytes.byteCount {
            held = held << 8 | UInt32(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(Self.alphabet[Int(held >> bits & 0x3F)])
            }
            held &= 0x3F
        }
        if bits > 0 { text.append(Self.alphabet[Int(held << (6 - bits) & 0x3F)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads text.
    ///
    /// - Parameter text: characters of the alphabet, nothing else.
    /// - Returns: the bytes, or nil where the text is not what ``encode(_:)`` writes.
    package static func decode(_ text: RawSpan) -> [UInt8]? {
        guard text.byteCount % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.byteCount / 4 * 3 + 2)
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for offset in 0..<text.byteCount {
            guard let six = Self.value(text.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) else { return nil }
            held = held << 6 | six
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
                held &= 0xFF >> (8 - bits)
            }
        }
        guard held == 0 else { return nil }
        return bytes
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character) - 0x41
        case 0x61...0x7A: UInt32(character) - 0x61 + 26
        case 0x30...0x39: UInt32(character) - 0x30 + 52
        case 0x2D: 62
        case 0x5F: 63
        default: nil
        }
    }
}
