/// Recognises the client's connection preface of HTTP/2 (RFC 9113 §3.4).
package struct HTTP2PrefaceParser: Sendable {
    /// The preface, byte for byte.
    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    /// As much of it as no other protocol begins with: from here on the whole is waited for.
    private static let unmistakable = 12

    /// Creates a parser.
    package init() {}

    /// Reads a preface.
    ///
    /// - Parameters:
    ///   - bytes: everything received so far, from the first byte.
    ///   - ended: whether the peer will send no more.
    /// - Returns: the preface, that more bytes are needed, or nil when the bytes are no preface.
    package func parse(_ bytes: RawSpan, ended: Bool) -> SniffingStep? {
        let length = Self.preface.utf8CodeUnitCount
        for offset in 0..<min(bytes.byteCount, length) {
            guard bytes.octet(at: offset) == Self.preface.utf8Start[offset] else { return nil }
        }
        if bytes.byteCount >= length { return .detected(.http2Preface) }
        if ended { return nil }
        return .needsBytes(atLeast: bytes.byteCount < Self.unmistakable ? bytes.byteCount + 1 : length)
    }
}
