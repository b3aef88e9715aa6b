/// The three parts of a request line (RFC 9112 §3).
///
///     method SP request-target SP HTTP/1.x CRLF
struct HTTPRequestLine {
    /// What a look at the bytes gives.
    enum Reading {
        /// No HTTP/1.x, whatever follows.
        case foreign
        /// The line may still become one.
        case incomplete
        /// A request line.
        case whole(HTTPRequestLine)
    }

    /// Where the method lies.
    let method: Range<Int>
    /// Where the target lies.
    let target: Range<Int>
    /// The digit behind `HTTP/1.`.
    let minorVersion: Int
    /// Where the next line begins.
    let next: Int

    /// The version's length, in bytes: `HTTP/1.1`.
    private static let versionLength = 8

    /// Reads a line; one empty line in front of it is skipped (RFC 9112 §2.2).
    ///
    /// - Parameters:
    ///   - bytes: everything received so far.
    ///   - maximumMethodLength: the longest method, in bytes.
    /// - Returns: the line, or what can be said of it so far.
    /// - Throws: ``SniffingError/malformedRequest(_:)`` for a line that ends as one of HTTP/1.x does, and is none.
    static func read(_ bytes: RawSpan, maximumMethodLength: Int) throws(SniffingError) -> Reading {
        var start = 0
        if bytes.byteCount > start, bytes.octet(at: start) == Octet.carriageReturn {
            start += 1
            guard bytes.byteCount > start else { return .incomplete }
            guard bytes.octet(at: start) == Octet.lineFeed else { return .foreign }
        }
        if bytes.byteCount > start, bytes.octet(at: start) == Octet.lineFeed { start += 1 }

        var offset = start
        while offset < bytes.byteCount, Octet.isToken(bytes.octet(at: offset)) {
            offset += 1
            guard offset - start <= maximumMethodLength else { return .foreign }
        }
        guard offset < bytes.byteCount else { return .incomplete }
        guard offset > start, bytes.octet(at: offset) == Octet.space else { return .foreign }
        let method = start..<offset

        offset += 1
        while offset < bytes.byteCount {
            switch bytes.octet(at: offset) {
            case Octet.lineFeed:
                let end = bytes.trimmingCarriageReturn(offset - 1..<offset)
                return try Self.parts(bytes, method, end: end, next: offset + 1)
            case Octet.carriageReturn:
                guard offset + 1 < bytes.byteCount else { return .incomplete }
                guard bytes.octet(at: offset + 1) == Octet.lineFeed else { return .foreign }
            case 0..<Octet.space, Octet.delete:
                return .foreign
            default:
                break
            }
            offset += 1
        }
        return .incomplete
    }

    private static func parts(
        _ bytes: RawSpan,
        _ method: Range<Int>,
        end: Int,
        next: Int
    ) throws(SniffingError) -> Reading {
        let version = end - Self.versionLength
        guard version > method.upperBound, bytes.hasExactPrefix("HTTP/1.", in: version..<end),
            Octet.isDigit(bytes.octet(at: end - 1)), bytes.octet(at: version - 1) == Octet.space
        else { return .foreign }
        let targetStart = method.upperBound + 1
        let targetEnd = version - 1
        guard targetStart < targetEnd,
            bytes.firstOffset(of: Octet.space, in: targetStart..<targetEnd) == nil
        else { throw .malformedRequest(.requestLine) }
        let line = HTTPRequestLine(
            method: method,
            target: targetStart..<targetEnd,
            minorVersion: Int(bytes.octet(at: end - 1) - 0x30),
            next: next
        )
        return .whole(line)
    }
}
