/// The server's side.
extension WebSocketHandshake {
    /// Reads a client's request.
    ///
    /// - Parameters:
    ///   - bytes: what was received, from the first byte of the request on.
    ///   - limit: the longest head that is taken, in bytes.
    /// - Returns: the request, why it is refused, or that more bytes are needed.
    package static func readRequest(_ bytes: RawSpan, limit: Int) -> WebSocketUpgradeStep {
        switch HTTPHead.read(bytes, limit: limit) {
        case .needsBytes: .needsBytes
        case .tooLong: .refused(.headTooLong)
        case .malformed: .refused(.malformed)
        case .head(let head): self.judge(head)
        }
    }

    /// The answer that switches to the WebSocket (RFC 6455 §4.2.2); no extension and no protocol is agreed to.
    ///
    /// - Parameter key: the client's `Sec-WebSocket-Key`.
    /// - Returns: the whole answer.
    package static func response(for key: String) -> [UInt8] {
        Array(
            """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: \(self.accept(for: key))\r
            \r

            """.utf8
        )
    }

    /// An answer that refuses and announces the end of the connection.
    ///
    /// - Parameters:
    ///   - status: its status.
    ///   - reason: the status in words.
    ///   - extraFields: more fields; a `Content-Type` among them takes the place of plain text.
    ///   - body: what it says to a person.
    /// - Returns: the whole answer.
    package static func refusal(
        status: Int,
        reason: String,
        extraFields: [(String, String)] = [],
        body: String
    ) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(self.oneLine(reason))\r\nConnection: close\r\n"
        if !extraFields.contains(where: { $0.0.lowercased() == "content-type" }) {
            head += "Content-Type: text/plain; charset=utf-8\r\n"
        }
        head += "Content-Length: \(body.utf8.count)\r\n"
        for (name, value) in extraFields { head += "\(self.oneLine(name)): \(self.oneLine(value))\r\n" }
        return Array((head + "\r\n" + body).utf8)
    }

    /// RFC 6455 §4.2.1, in the order of what tells most.
    private static func judge(_ head: HTTPHead) -> WebSocketUpgradeStep {
        let line = head.startLine.split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, line[2].hasPrefix("HTTP/"), !line[0].isEmpty else { return .refused(.malformed) }
        guard let (path, query) = self.target(line[1]) else {
            return .refused(line[0] == "GET" ? .malformed : .methodNotAllowed)
        }
        guard line[0] == "GET" else { return .refused(.methodNotAllowed) }
        guard line[2] == "HTTP/1.1", head.list("upgrade", holds: "websocket"),
            head.list("connection", holds: "upgrade")
        else { return .refused(.notAnUpgrade) }
        guard head.list("sec-websocket-version") == "13" else { return .refused(.unsupportedVersion) }
        guard head.count(of: "host") == 1, let host = head.list("host"), let key = head.list("sec-websocket-key"),
            self.isKey(key), head.list("transfer-encoding") == nil, head.list("content-length") ?? "0" == "0"
        else { return .refused(.malformed) }
        let request = WebSocketUpgradeRequest(
            path: path,
            query: query,
            host: host,
            userAgent: head.list("user-agent"),
            authorization: head.list("authorization"),
            instance: head.list("rvpn-instance"),
            key: key
        )
        return .request(request, headLength: head.length)
    }

    /// RFC 6455 §4.2.1: 16 bytes in base64, that is 22 characters and two of padding.
    private static func isKey(_ key: String) -> Bool {
        guard key.utf8.count == 24, key.hasSuffix("==") else { return false }
        return key.utf8.dropLast(2).allSatisfy { octet in
            switch octet {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
            default: false
            }
        }
    }

    /// RFC 9112 §3.2: a path and a query, or the same behind a scheme and an authority.
    private static func target(_ text: Substring) -> (path: String, query: [(name: String, value: String)])? {
        var rest = text
        if !rest.hasPrefix("/") {
            let lower = rest.lowercased()
            guard let scheme = ["http://", "https://", "ws://", "wss://"].first(where: { lower.hasPrefix($0) }) else {
                return nil
            }
            let behind = rest.dropFirst(scheme.count)
            rest = behind.firstIndex { $0 == "/" || $0 == "?" }.map { behind[$0...] } ?? ""
        }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        return (path: path.isEmpty ? "/" : path, query: parts.count > 1 ? self.pairs(parts[1]) : [])
    }

    private static func pairs(_ query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: self.decoded(parts[0]), value: parts.count > 1 ? self.decoded(parts[1]) : "")
        }
    }

    /// RFC 3986 §2.1, and the plus sign for a space as forms write it; what is no escape stays as it is.
    private static func decoded(_ text: Substring) -> String {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == 0x2B {
                octets.append(0x20)
            } else if octet == 0x25, let high = rest.first.flatMap(self.hexadecimal),
                let low = rest.dropFirst().first.flatMap(self.hexadecimal)
            {
                octets.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                octets.append(octet)
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func hexadecimal(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x37
        case 0x61...0x66: octet - 0x57
        default: nil
        }
    }
}
