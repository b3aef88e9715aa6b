/// Recognises the CLIENT-HELLO of SSL 2.0, also when it wraps a later version (RFC 5246 §E.2).
///
///     +---+------------+---+---------+--------+---------+-----------+-------------------------------
///     | 1 | length: 15 | 1 | version | suites | session | challenge | suites, session and challenge
///     +---+------------+---+---------+--------+---------+-----------+-------------------------------
package struct SSL2HelloParser: Sendable {
    /// The header, and the fields in front of the variable ones, in bytes.
    private static let fixedLength = 11

    /// Creates a parser.
    package init() {}

    /// Reads a hello; its three lengths must add up, so that other protocols with a high first bit do not match.
    ///
    /// - Parameters:
    ///   - bytes: everything received so far, from the first byte.
    ///   - ended: whether the peer will send no more.
    /// - Returns: the hello, that more bytes are needed, or nil when the bytes are none.
    package func parse(_ bytes: RawSpan, ended: Bool) -> SniffingStep? {
        let count = bytes.byteCount
        if count > 0, bytes.octet(at: 0) & 0x80 == 0 { return nil }
        if count > 2, bytes.octet(at: 2) != 1 { return nil }
        if count > 4, bytes.octet(at: 3) != 3, bytes.uint16(at: 3) != 0x0002 { return nil }
        guard count >= Self.fixedLength else {
            if ended { return nil }
            return .needsBytes(atLeast: count < 3 ? 3 : count < 5 ? 5 : Self.fixedLength)
        }
        let length = Int(bytes.uint16(at: 0) & 0x7FFF)
        let suites = Int(bytes.uint16(at: 5))
        let session = Int(bytes.uint16(at: 7))
        let challenge = Int(bytes.uint16(at: 9))
        // RFC 5246 §E.2: suites of three bytes each, a challenge of 16 to 32 bytes.
        guard suites > 0, suites.isMultiple(of: 3), session <= 32, challenge >= 16, challenge <= 32,
            Self.fixedLength - 2 + suites + session + challenge == length
        else { return nil }
        return .detected(.obsoleteTLS(ObsoleteTLS(framing: .ssl2, version: bytes.uint16(at: 3))))
    }
}
