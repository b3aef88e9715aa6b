/// The client's side.
extension WebSocketHandshake {
    /// How much of a refusal's body is kept, in bytes: a sentence or a small JSON object.
    package static let longestDenialBody = 4096

    /// Makes a request (RFC 6455 §4.1), without extensions or protocols.
    ///
    /// - Parameters:
    ///   - host: the value of `Host`.
    ///   - path: path and query.
    ///   - fields: more fields, such as `Authorization`.
    ///   - key: the value of `Sec-WebSocket-Key`, from ``newKey()``.
    /// - Returns: the whole request.
    package static func request(host: String, path: String, fields: [(String, String)], key: String) -> [UInt8] {
        let target = self.oneLine(path).split(separator: " ").joined(separator: "%20")
        var head = "GET \(target.hasPrefix("/") ? "" : "/")\(target) HTTP/1.1\r\nHost: \(self.oneLine(host))\r\n"
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        head += "Sec-WebSocket-Key: \(key)\r\n"
        for (name, value) in fields { head += "\(self.oneLine(name)): \(self.oneLine(value))\r\n" }
        return Array((head + "\r\n").utf8)
    }

    /// Reads the server's answer.
    ///
    /// - Parameters:
    ///   - bytes: what was received, from the first byte of the answer on.
    ///   - key: the key of the request.
    ///   - limit: the longest head that is taken, in bytes.
    ///   - ended: whether the server will send no more.
    /// - Returns: whether there is a WebSocket, or that more bytes are needed.
    /// - Throws: the server's breach.
    package static func readResponse(
        _ bytes: RawSpan,
        key: String,
        limit: Int,
        ended: Bool
    ) throws(WebSocketError) -> WebSocketUpgradeResponse {
        let head: HTTPHead
        switch HTTPHead.read(bytes, limit: limit) {
        case .needsBytes where !ended: return .needsBytes
        case .needsBytes, .malformed: throw .malformedResponse
        case .tooLong: throw .responseTooLong(limit: limit)
        case .head(let read): head = read
        }
        let line = head.startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard line.count >= 2, line[0].hasPrefix("HTTP/1."), line[1].utf8.count == 3, let status = UInt16(line[1])
        else { throw .malformedResponse }
        guard status == 101 else {
            return self.denial(Int(status), head, body: bytes.extracting(droppingFirst: head.length), ended: ended)
        }
        guard head.list("upgrade", holds: "websocket"), head.list("connection", holds: "upgrade") else {
            throw .notUpgraded
        }
        guard head.list("sec-websocket-accept") == self.accept(for: key) else { throw .wrongAccept }
        guard head.list("sec-websocket-extensions") == nil, head.list("sec-websocket-protocol") == nil else {
            throw .unexpectedAgreement
        }
        return .accepted(headLength: head.length)
    }

    private static func denial(
        _ status: Int,
        _ head: HTTPHead,
        body: RawSpan,
        ended: Bool
    ) -> WebSocketUpgradeResponse {
        let announced = head.list("content-length").flatMap { UInt32($0) }.map(Int.init) ?? .max
        let wanted = min(announced, self.longestDenialBody)
        guard ended || body.byteCount >= wanted else { return .needsBytes }
        let text = body.extracting(first: min(wanted, body.byteCount)).withUnsafeBytes {
            String(decoding: $0, as: UTF8.self)
        }
        let retryAfter = head.list("retry-after").flatMap { UInt32($0) }.map(Int.init)
        return .refused(WebSocketUpgradeDenial(status: status, retryAfter: retryAfter, body: text))
    }
}
