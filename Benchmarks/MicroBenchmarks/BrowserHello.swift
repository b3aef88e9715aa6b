/// A ClientHello with the shape of a present browser's (RFC 8446 §4.1.2).
///
/// GREASE, a hybrid key share, and an encrypted hello that is GREASE too: about 1,900 bytes in one record.
enum BrowserHello {
    /// Makes the record.
    ///
    /// - Parameter name: the name asked for.
    /// - Returns: the record with its header.
    static func record(for name: String) -> [UInt8] {
        let server = Array(name.utf8)
        let shares: [UInt8] =
            Self.share(0x2A2A, [0]) + Self.share(0x11EC, Self.noise(1_216)) + Self.share(0x001D, Self.noise(32))
        let extensions: [[UInt8]] = [
            Self.extended(0x4A4A, []),
            Self.extended(0x0000, Self.sized([0] + Self.sized(server))),
            Self.extended(0x0017, []),
            Self.extended(0xFF01, [0]),
            Self.extended(0x000A, Self.sized(Self.words([0x2A2A, 0x11EC, 0x001D, 0x0017, 0x0018]))),
            Self.extended(0x000B, [1, 0]),
            Self.extended(0x0023, Self.noise(176)),
            Self.extended(0x0010, Self.sized([2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8))),
            Self.extended(0x0005, [1, 0, 0, 0, 0]),
            Self.extended(
                0x000D,
                Self.sized(Self.words([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]))
            ),
            Self.extended(0x0012, []),
            Self.extended(0x0033, Self.sized(shares)),
            Self.extended(0x002D, [1, 1]),
            Self.extended(0x002B, [6] + Self.words([0x9A9A, 0x0304, 0x0303])),
            Self.extended(0x001B, [2, 0, 2]),
            Self.extended(0x44CD, Self.sized([2] + Array("h2".utf8))),
            Self.extended(0xFE0D, [0, 0, 1, 0, 1, 7] + Self.sized(Self.noise(32)) + Self.sized(Self.noise(144))),
            Self.extended(0x7A7A, [0]),
        ]
        let suites: [UInt16] = [
            0x8A8A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C,
            0x009D, 0x002F, 0x0035,
        ]
        var body: [UInt8] = [3, 3] + Self.noise(32) + [32] + Self.noise(32)
        body += Self.sized(Self.words(suites)) + [1, 0] + Self.sized(extensions.flatMap(\.self))
        let message: [UInt8] = [1, 0] + Self.words([UInt16(body.count)]) + body
        return [0x16, 3, 1] + Self.words([UInt16(message.count)]) + message
    }

    private static func extended(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        Self.words([type]) + Self.sized(content)
    }

    private static func share(_ group: UInt16, _ key: [UInt8]) -> [UInt8] {
        Self.words([group]) + Self.sized(key)
    }

    private static func sized(_ content: [UInt8]) -> [UInt8] {
        Self.words([UInt16(content.count)]) + content
    }

    private static func words(_ words: [UInt16]) -> [UInt8] {
        words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    /// Bytes that look like a key, the same each time.
    private static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}
