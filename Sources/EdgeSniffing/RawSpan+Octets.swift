/// Reading text out of bytes; every range must lie inside the span.
extension RawSpan {
    /// The byte at an offset.
    func octet(at offset: Int) -> UInt8 {
        self.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The big-endian number of 16 bits at an offset.
    func uint16(at offset: Int) -> UInt16 {
        UInt16(self.octet(at: offset)) << 8 | UInt16(self.octet(at: offset + 1))
    }

    /// Where a byte first stands in a range.
    func firstOffset(of octet: UInt8, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if self.octet(at: offset) == octet { return offset }
            offset += 1
        }
        return nil
    }

    /// Where a line ends when a carriage return at its end does not count.
    func trimmingCarriageReturn(_ line: Range<Int>) -> Int {
        guard !line.isEmpty, self.octet(at: line.upperBound - 1) == Octet.carriageReturn else { return line.upperBound }
        return line.upperBound - 1
    }

    /// A range without the spaces and tabs at both ends (RFC 9110 §5.6.3).
    func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, Self.isWhitespace(self.octet(at: start)) { start += 1 }
        while start < end, Self.isWhitespace(self.octet(at: end - 1)) { end -= 1 }
        return start..<end
    }

    /// Whether a range holds a text of ASCII, without regard to case.
    ///
    /// - Parameters:
    ///   - text: a text in lower case.
    ///   - range: where to look.
    /// - Returns: true when they are the same.
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && self.hasPrefix(text, in: range)
    }

    /// Whether a range begins with a text of ASCII, without regard to case.
    ///
    /// - Parameters:
    ///   - text: a text in lower case.
    ///   - range: where to look.
    /// - Returns: true when the range begins so.
    func hasPrefix(_ text: StaticString, in range: Range<Int>) -> Bool {
        let count = text.utf8CodeUnitCount
        guard range.count >= count else { return false }
        let expected = text.utf8Start
        var index = 0
        while index < count {
            guard Octet.lowercased(self.octet(at: range.lowerBound + index)) == expected[index] else { return false }
            index += 1
        }
        return true
    }

    /// Whether a range begins with a text of ASCII, byte for byte.
    func hasExactPrefix(_ text: StaticString, in range: Range<Int>) -> Bool {
        let count = text.utf8CodeUnitCount
        guard range.count >= count else { return false }
        let expected = text.utf8Start
        var index = 0
        while index < count {
            guard self.octet(at: range.lowerBound + index) == expected[index] else { return false }
            index += 1
        }
        return true
    }

    /// Whether two ranges hold the same ASCII, without regard to case.
    func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count {
            let one = Octet.lowercased(self.octet(at: left.lowerBound + index))
            guard one == Octet.lowercased(self.octet(at: right.lowerBound + index)) else { return false }
        }
        return true
    }

    /// The text in a range; what is not UTF-8 is replaced.
    func text(in range: Range<Int>) -> String {
        self.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Appends the bytes of a range to an array.
    func append(_ range: Range<Int>, to array: inout [UInt8]) {
        self.extracting(range).withUnsafeBytes { array.append(contentsOf: $0) }
    }

    private static func isWhitespace(_ octet: UInt8) -> Bool {
        octet == Octet.space || octet == Octet.horizontalTab
    }
}
