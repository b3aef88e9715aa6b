/// An IPv4 or IPv6 address, as a number.
///
/// An IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is read as the IPv4 address that it maps.
package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// The upper 64 bits of an IPv6 address; zero for IPv4.
    package let high: UInt64
    /// The lower 64 bits; the whole of an IPv4 address.
    package let low: UInt64
    /// Whether the address is an IPv4 one.
    package let isIPv4: Bool

    /// Creates an IPv4 address.
    ///
    /// - Parameter ipv4: the address in host byte order.
    package init(ipv4: UInt32) {
        self.high = 0
        self.low = UInt64(ipv4)
        self.isIPv4 = true
    }

    /// Creates an IPv6 address; a mapped one becomes IPv4.
    ///
    /// - Parameters:
    ///   - high: the upper 64 bits in host byte order.
    ///   - low: the lower 64 bits in host byte order.
    package init(high: UInt64, low: UInt64) {
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        self.high = high
        self.low = isMapped ? low & 0xFFFF_FFFF : low
        self.isIPv4 = isMapped
    }

    /// Whether only this machine reaches the address: 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        self.isIPv4 ? self.low >> 24 == 127 : self.high == 0 && self.low == 1
    }

    /// Reads an address from its text.
    ///
    /// - Parameter text: dotted decimal, or IPv6 in any form of RFC 4291 §2.2, without brackets or zone.
    package init?(_ text: some StringProtocol) {
        var copy = String(text)
        let parsed = copy.withUTF8 { NetworkAddress(utf8: RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads an address from the bytes of its text.
    ///
    /// - Parameter utf8: dotted decimal, or IPv6 in any form of RFC 4291 §2.2, without brackets or zone.
    package init?(utf8: RawSpan) {
        var hasColon = false
        for offset in 0..<utf8.byteCount where utf8.unsafeLoad(fromByteOffset: offset, as: UInt8.self) == 0x3A {
            hasColon = true
        }
        if hasColon {
            guard let (high, low) = Self.ipv6(utf8) else { return nil }
            self.init(high: high, low: low)
        } else {
            guard let address = Self.ipv4(utf8, from: 0) else { return nil }
            self.init(ipv4: address)
        }
    }

    /// The address as text: dotted decimal, or RFC 5952.
    package var description: String {
        if self.isIPv4 {
            return "\(self.low >> 24 & 255).\(self.low >> 16 & 255).\(self.low >> 8 & 255).\(self.low & 255)"
        }
        return Self.text(high: self.high, low: self.low)
    }

    /// Dotted decimal at the end of the text.
    private static func ipv4(_ utf8: RawSpan, from start: Int) -> UInt32? {
        var address: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var parts = 0
        for offset in start..<utf8.byteCount {
            let byte = utf8.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            switch byte {
            case 0x30...0x39:
                part = part * 10 + UInt32(byte - 0x30)
                digits += 1
                guard digits <= 3, part <= 255 else { return nil }
            case 0x2E:
                guard digits > 0, parts < 3 else { return nil }
                address = address << 8 | part
                (part, digits, parts) = (0, 0, parts + 1)
            default:
                return nil
            }
        }
        guard digits > 0, parts == 3 else { return nil }
        return address << 8 | part
    }

    /// Up to eight groups of hexadecimal digits, one run of zeros left out, dotted decimal allowed at the end.
    private static func ipv6(_ utf8: RawSpan) -> (high: UInt64, low: UInt64)? {
        var groups = InlineArray<8, UInt16>(repeating: 0)
        var filled = 0
        var gap: Int?
        var offset = 0
        let count = utf8.byteCount
        func byte(_ index: Int) -> UInt8 { utf8.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
        if count >= 2, byte(0) == 0x3A {
            guard byte(1) == 0x3A else { return nil }
            gap = 0
            offset = 2
        }
        while offset < count {
            guard filled < 8 else { return nil }
            var value: UInt32 = 0
            var digits = 0
            let start = offset
            while offset < count, let digit = Self.hexadecimal(byte(offset)) {
                value = value << 4 | UInt32(digit)
                digits += 1
                offset += 1
                guard digits <= 4 else { return nil }
            }
            if offset < count, byte(offset) == 0x2E {
                guard filled <= 6, let tail = Self.ipv4(utf8, from: start) else { return nil }
                groups[filled] = UInt16(truncatingIfNeeded: tail >> 16)
                groups[filled + 1] = UInt16(truncatingIfNeeded: tail)
                filled += 2
                offset = count
                break
            }
            guard digits > 0 else { return nil }
            groups[filled] = UInt16(truncatingIfNeeded: value)
            filled += 1
            guard offset < count else { break }
            guard byte(offset) == 0x3A, offset + 1 < count else { return nil }
            offset += 1
            if byte(offset) == 0x3A {
                guard gap == nil else { return nil }
                gap = filled
                offset += 1
            }
        }
        if let gap {
            guard filled <= 7 else { return nil }
            // What stands behind the gap moves to the end.
            for index in 0..<filled - gap {
                groups[7 - index] = groups[filled - 1 - index]
                groups[filled - 1 - index] = 0
            }
            filled = 8
        }
        guard filled == 8 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<4 {
            high = high << 16 | UInt64(groups[index])
            low = low << 16 | UInt64(groups[index + 4])
        }
        return (high, low)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups left out.
    private static func text(high: UInt64, low: UInt64) -> String {
        let groups = (0..<8).map { index -> UInt16 in
            let half = index < 4 ? high : low
            return UInt16(truncatingIfNeeded: half >> UInt64((3 - index % 4) * 16))
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start) + 1
        }
        func joined(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return joined(groups[...]) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }
}
