import EdgeTypes

/// Reads the head of an HTTP/1.x request (RFC 9112 §2.1).
///
/// A head is looked at line by line in one pass that keeps offsets only; text is made when the head is whole. A line may
/// end in a line feed alone (RFC 9112 §2.2).
package struct HTTPPrefaceParser: Sendable {
    /// The longest method, in bytes; the longest registered one has 17.
    package static let maximumMethodLength = 32

    /// The longest head, blank line included, in bytes.
    private let limit: Int

    /// Creates a parser.
    ///
    /// - Parameter limits: how much may be looked at.
    package init(limits: SniffingLimits) {
        self.limit = limits.preface.bytes
    }

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - bytes: everything received so far, from the first byte.
    ///   - ended: whether the peer will send no more.
    /// - Returns: the head, that more bytes are needed, or nil when the bytes are no HTTP/1.x.
    /// - Throws: ``SniffingError/malformedRequest(_:)`` once the request line has shown that the peer speaks HTTP, and
    ///   ``SniffingError/headTooLarge(actual:limit:)`` as soon as the head cannot end within the limit.
    package func parse(_ bytes: RawSpan, ended: Bool) throws(SniffingError) -> SniffingStep? {
        let line: HTTPRequestLine
        // What lies behind the limit decides nothing: it may not have come yet.
        let bounded = bytes.extracting(first: min(bytes.byteCount, self.limit))
        switch try HTTPRequestLine.read(bounded, maximumMethodLength: Self.maximumMethodLength) {
        case .foreign: return nil
        case .incomplete: return ended && bytes.byteCount < self.limit ? nil : try self.more(than: bytes)
        case .whole(let read): line = read
        }
        var fields = HTTPFields()
        var lineStart = line.next
        while lineStart <= self.limit {
            guard let end = try self.lineEnd(bytes, from: lineStart) else {
                let step = try self.more(than: bytes)
                guard !ended else { throw .malformedRequest(.endedEarly) }
                return step
            }
            let field = lineStart..<bytes.trimmingCarriageReturn(lineStart..<end)
            lineStart = end + 1
            guard !field.isEmpty else { break }
            try fields.read(bytes, field)
        }
        guard lineStart <= self.limit else { throw .headTooLarge(actual: self.limit + 1, limit: self.limit) }
        return .detected(.http(try self.preface(bytes, line, fields, headLength: lineStart)))
    }

    /// Where the line feed of a line stands, or nil while it is out.
    private func lineEnd(_ bytes: RawSpan, from start: Int) throws(SniffingError) -> Int? {
        let end = min(bytes.byteCount, self.limit)
        var offset = start
        while offset < end {
            switch bytes.octet(at: offset) {
            case Octet.lineFeed:
                return offset
            case 0:
                throw .malformedRequest(.forbiddenOctet)
            case Octet.carriageReturn:
                guard offset + 1 < end else { return nil }
                guard bytes.octet(at: offset + 1) == Octet.lineFeed else { throw .malformedRequest(.forbiddenOctet) }
            default:
                break
            }
            offset += 1
        }
        return nil
    }

    /// Asks for one byte more, which may be the one that decides.
    private func more(than bytes: RawSpan) throws(SniffingError) -> SniffingStep {
        let wanted = bytes.byteCount + 1
        guard wanted <= self.limit else { throw .headTooLarge(actual: self.limit + 1, limit: self.limit) }
        return .needsBytes(atLeast: wanted)
    }

    private func preface(
        _ bytes: RawSpan,
        _ line: HTTPRequestLine,
        _ fields: HTTPFields,
        headLength: Int
    ) throws(SniffingError) -> HTTPPreface {
        let method = bytes.text(in: line.method)
        let target = try HTTPRequestTarget(bytes, line.target, isConnect: method == "CONNECT")
        let path = target.path.isEmpty ? "/" : bytes.text(in: target.path)
        let isFetch = method == "GET" || method == "HEAD"
        // RFC 9112 §3.2.2: an absolute target overrules the Host field.
        let named = target.authority ?? fields.host ?? 0..<0
        let host = HTTPAuthority.hostname(bytes, named)
        return HTTPPreface(
            method: method,
            target: target.redacted(bytes),
            path: path,
            host: host,
            rawHost: host == nil && !named.isEmpty ? bytes.text(in: named) : nil,
            isWebSocketUpgrade: method == "GET" && line.minorVersion >= 1 && fields.asksForWebSocket,
            isACMEChallenge: isFetch && bytes.hasExactPrefix("/.well-known/acme-challenge/", in: target.path),
            minorVersion: line.minorVersion,
            wantsJSON: fields.wantsJSON,
            headLength: headLength
        )
    }
}
