/// Reading a header's fields out of bytes.
extension RawSpan {
    /// The byte at an offset.
    func octet(at offset: Int) -> UInt8 {
        self.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The bytes without the white space at both ends.
    func trimmed() -> Range<Int> {
        var start = 0
        var end = self.byteCount
        while start < end, Self.isWhitespace(self.octet(at: start)) { start += 1 }
        while start < end, Self.isWhitespace(self.octet(at: end - 1)) { end -= 1 }
        return start..<end
    }

    private static func isWhitespace(_ octet: UInt8) -> Bool {
        octet == 0x20 || (octet >= 0x09 && octet <= 0x0D)
    }

    /// Whether the bytes are a text of ASCII, without regard to case.
    ///
    /// - Parameter text: a text in lower case.
    /// - Returns: true when they are.
    func equals(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard self.byteCount == count else { return false }
        let expected = text.utf8Start
        for index in 0..<count {
            let octet = self.octet(at: index)
            let lower = octet >= 0x41 && octet <= 0x5A ? octet | 0x20 : octet
            guard lower == expected[index] else { return false }
        }
        return true
    }

    /// The bytes as a decimal number; nil where they are none, the largest number where they are one beyond 64 bits.
    var decimal: Int? {
        guard self.byteCount > 0 else { return nil }
        var value = 0
        for index in 0..<self.byteCount {
            let octet = self.octet(at: index)
            guard octet >= 0x30, octet <= 0x39 else { return nil }
            let (product, isBeyond) = value.multipliedReportingOverflow(by: 10)
            let (sum, isAbove) = product.addingReportingOverflow(Int(octet - 0x30))
            value = isBeyond || isAbove ? .max : sum
        }
        return value
    }
}
