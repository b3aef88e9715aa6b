import EdgeTypes

/// The host in front of an optional port (RFC 9110 §7.2, RFC 3986 §3.2).
enum HTTPAuthority {
    /// Reads the name; its port is cut off.
    ///
    /// - Parameters:
    ///   - bytes: what the authority lies in.
    ///   - authority: where it lies.
    /// - Returns: the name, or nil where it is none, or the port is no number.
    static func hostname(_ bytes: RawSpan, _ authority: Range<Int>) -> Hostname? {
        guard !authority.isEmpty else { return nil }
        var hostEnd = authority.upperBound
        if bytes.octet(at: authority.lowerBound) == Octet.leftBracket {
            guard let bracket = bytes.firstOffset(of: Octet.rightBracket, in: authority) else { return nil }
            hostEnd = bracket + 1
        } else if let colon = bytes.firstOffset(of: Octet.colon, in: authority) {
            hostEnd = colon
        }
        guard Self.isPort(bytes, hostEnd..<authority.upperBound) else { return nil }
        return Hostname(utf8: bytes.extracting(authority.lowerBound..<hostEnd))
    }

    /// Nothing, or a colon and digits; the digits may be missing (RFC 3986 §3.2.3).
    private static func isPort(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return true }
        guard bytes.octet(at: range.lowerBound) == Octet.colon else { return false }
        for offset in range.dropFirst() {
            guard Octet.isDigit(bytes.octet(at: offset)) else { return false }
        }
        return true
    }
}
