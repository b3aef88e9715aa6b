/// Reads the first bytes of a connection and tells what it speaks and whom it asks for.
///
/// It asks the parsers in turn. The bytes are those peeked so far, from the first one on; nothing is consumed, and any
/// cut of the input gives the same detection.
package struct Sniffer: Sendable {
    private let clientHello: ClientHelloParser
    private let ssl2Hello = SSL2HelloParser()
    private let http2Preface = HTTP2PrefaceParser()
    private let sshBanner = SSHBannerParser()
    private let httpPreface: HTTPPrefaceParser

    /// Creates a sniffer.
    ///
    /// - Parameter limits: how much may be looked at.
    package init(limits: SniffingLimits) {
        self.clientHello = ClientHelloParser(limits: limits)
        self.httpPreface = HTTPPrefaceParser(limits: limits)
    }

    /// Reads the first bytes of a connection.
    ///
    /// - Parameters:
    ///   - bytes: everything peeked so far, from the first byte.
    ///   - ended: whether the peer will send no more; then the answer is never that more bytes are needed.
    /// - Returns: what the connection speaks, or how many bytes in all it takes to tell.
    /// - Throws: ``SniffingError`` when the peer speaks TLS or HTTP and breaks its rules or the limits.
    package func sniff(_ bytes: RawSpan, ended: Bool) throws(SniffingError) -> SniffingStep {
        guard bytes.byteCount > 0 else { return ended ? .detected(.opaque) : .needsBytes(atLeast: 1) }
        if let step = try self.clientHello.parse(bytes, ended: ended) { return step }
        if let step = self.ssl2Hello.parse(bytes, ended: ended) { return step }
        if let step = self.http2Preface.parse(bytes, ended: ended) { return step }
        if let step = self.sshBanner.parse(bytes, ended: ended) { return step }
        if let step = try self.httpPreface.parse(bytes, ended: ended) { return step }
        return .detected(.opaque)
    }
}
