/// A name that a visitor asked for or a token grants, parsed once.
///
/// Lower case, without a trailing dot, at most 253 bytes in labels of at most 63 (RFC 1035 §2.3.4). Underscores are
/// allowed (they are in use), and so are address literals: people dial addresses. Names beyond ASCII arrive as A-labels
/// (RFC 5890 §2.3.2.1); others are refused.
package struct Hostname: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The longest name, in bytes (RFC 1035 §2.3.4, without the root's dot).
    package static let maximumLength = 253
    /// The longest label, in bytes (RFC 1035 §2.3.4).
    package static let maximumLabelLength = 63

    /// The name: lower case, no trailing dot.
    package let text: String

    /// Reads a name.
    ///
    /// - Parameter text: a host name or address literal (IPv6 with or without brackets); a trailing dot is cut off.
    package init?(_ text: some StringProtocol) {
        var copy = String(text)
        let parsed = copy.withUTF8 { Hostname(utf8: RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads a name from bytes.
    ///
    /// - Parameter utf8: a host name or address literal (IPv6 with or without brackets); a trailing dot is cut off.
    package init?(utf8: RawSpan) {
        func byte(_ index: Int) -> UInt8 { utf8.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
        var count = utf8.byteCount
        guard count > 0, count <= Self.maximumLength + 2 else { return nil }
        if byte(0) == 0x5B {
            guard count > 2, byte(count - 1) == 0x5D else { return nil }
            guard let address = NetworkAddress(utf8: utf8.extracting(1..<count - 1)) else { return nil }
            self.text = address.description
            return
        }
        if byte(count - 1) == 0x2E { count -= 1 }
        guard count > 0, count <= Self.maximumLength else { return nil }
        var lowered: [UInt8] = []
        lowered.reserveCapacity(count)
        var labelLength = 0
        for index in 0..<count {
            let next = byte(index)
            switch next {
            case 0x61...0x7A, 0x30...0x39, 0x2D, 0x5F:
                labelLength += 1
                lowered.append(next)
            case 0x41...0x5A:
                labelLength += 1
                lowered.append(next | 0x20)
            case 0x2E:
                guard labelLength > 0 else { return nil }
                labelLength = 0
                lowered.append(next)
            case 0x3A:
                guard let address = NetworkAddress(utf8: utf8.extracting(0..<count)) else { return nil }
                self.text = address.description
                return
            default:
                return nil
            }
            guard labelLength <= Self.maximumLabelLength else { return nil }
        }
        guard labelLength > 0 else { return nil }
        self.text = String(decoding: lowered, as: UTF8.self)
    }

    /// Whether the name is an address.
    package var isAddressLiteral: Bool { NetworkAddress(self.text) != nil }

    /// The name without its first label, or nil when it has one label or is an address.
    package var parent: Hostname? {
        guard let dot = self.text.firstIndex(of: "."), !self.isAddressLiteral else { return nil }
        return Hostname(self.text[self.text.index(after: dot)...])
    }

    /// Whether the left name sorts first.
    ///
    /// - Parameters:
    ///   - left: a name.
    ///   - right: a name.
    /// - Returns: true when left comes first.
    package static func < (left: Hostname, right: Hostname) -> Bool {
        left.text < right.text
    }

    /// The name.
    package var description: String { self.text }
}
