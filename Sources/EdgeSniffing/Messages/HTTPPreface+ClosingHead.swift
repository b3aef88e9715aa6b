extension HTTPPreface {
    /// Rewrites a head so that its connection ends with the response (RFC 9112 §9.6).
    ///
    /// The fields Connection, Proxy-Connection and Keep-Alive are removed, and one `Connection: close` stands before the
    /// blank line; every other byte stays. Meant for requests that do not upgrade.
    ///
    /// - Parameter head: the bytes up to and including the blank line; bytes behind it, and an empty line before the
    ///   request line, are left out.
    /// - Returns: the head to send on.
    package static func closingHead(of head: RawSpan) -> [UInt8] {
        let close = "Connection: close\r\n"
        var result: [UInt8] = []
        result.reserveCapacity(head.byteCount + close.utf8.count)
        var lineStart = 0
        var isDropping = false
        while lineStart < head.byteCount {
            let lineEnd = head.firstOffset(of: Octet.lineFeed, in: lineStart..<head.byteCount) ?? head.byteCount
            let next = min(lineEnd + 1, head.byteCount)
            let line = lineStart..<head.trimmingCarriageReturn(lineStart..<lineEnd)
            lineStart = next
            if line.isEmpty {
                if result.isEmpty { continue }
                break
            }
            let first = head.octet(at: line.lowerBound)
            let isFolded = !result.isEmpty && (first == Octet.space || first == Octet.horizontalTab)
            isDropping = isFolded ? isDropping : !result.isEmpty && Self.concernsConnection(head, line)
            if !isDropping { head.append(line.lowerBound..<next, to: &result) }
        }
        result.append(contentsOf: close.utf8)
        result.append(Octet.carriageReturn)
        result.append(Octet.lineFeed)
        return result
    }

    /// Whether a field line speaks about the connection's life.
    private static func concernsConnection(_ head: RawSpan, _ line: Range<Int>) -> Bool {
        guard let colon = head.firstOffset(of: Octet.colon, in: line) else { return false }
        let name = line.lowerBound..<colon
        return head.equals("connection", in: name) || head.equals("proxy-connection", in: name)
            || head.equals("keep-alive", in: name)
    }
}
