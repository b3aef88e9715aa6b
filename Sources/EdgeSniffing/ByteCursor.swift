/// A place in a hello, and where the vector that it walks ends.
///
/// The cursor keeps offsets only, so that it may be stored; the bytes are lent to each call.
struct ByteCursor {
    /// The next byte.
    private(set) var offset: Int
    /// Where the vector ends.
    let end: Int

    init(_ range: Range<Int>) {
        self.offset = range.lowerBound
        self.end = range.upperBound
    }

    /// Whether the vector is used up.
    var isAtEnd: Bool { self.offset >= self.end }

    /// What is left of the vector.
    var rest: Range<Int> { self.offset..<self.end }

    mutating func uint8(_ bytes: RawSpan) throws(SniffingError) -> UInt8 {
        let range = try self.take(1)
        return bytes.octet(at: range.lowerBound)
    }

    mutating func uint16(_ bytes: RawSpan) throws(SniffingError) -> UInt16 {
        let range = try self.take(2)
        return bytes.uint16(at: range.lowerBound)
    }

    /// Steps over bytes and tells where they lie.
    @discardableResult
    mutating func take(_ count: Int) throws(SniffingError) -> Range<Int> {
        guard count <= self.end - self.offset else { throw .malformedHello(.lengthMismatch) }
        defer { self.offset += count }
        return self.offset..<self.offset + count
    }

    /// Steps over a vector whose length takes one byte.
    mutating func vector8(_ bytes: RawSpan) throws(SniffingError) -> ByteCursor {
        let count = Int(try self.uint8(bytes))
        return ByteCursor(try self.take(count))
    }

    /// Steps over a vector whose length takes two bytes.
    mutating func vector16(_ bytes: RawSpan) throws(SniffingError) -> ByteCursor {
        let count = Int(try self.uint16(bytes))
        return ByteCursor(try self.take(count))
    }
}
