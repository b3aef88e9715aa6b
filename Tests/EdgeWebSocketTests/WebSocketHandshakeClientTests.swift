import EdgeWebSocket
import Testing

@Suite
struct WebSocketHandshakeClientTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private static func read(
        _ answer: String,
        limit: Int = 8192,
        ended: Bool = false
    ) throws(WebSocketError) -> WebSocketUpgradeResponse {
        let bytes = Array(answer.utf8)
        return try WebSocketHandshake.readResponse(bytes.span.bytes, key: Self.key, limit: limit, ended: ended)
    }

    private static func switching(
        upgrade: String = "websocket",
        connection: String = "Upgrade",
        accept: String = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        adding extra: String = ""
    ) -> String {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: \(upgrade)\r\nConnection: \(connection)\r\n"
            + "Sec-WebSocket-Accept: \(accept)\r\n\(extra)\r\n"
    }

    @Test
    func ourRequestIsTakenByOurServer() throws {
        let key = WebSocketHandshake.newKey()
        let bytes = WebSocketHandshake.request(
            host: "tunnel.example.com:8443",
            path: "/a b?x=1",
            fields: [("User-Agent", "rvpn/1.0"), ("Authorization", "Bearer abc123\r\nEvil: 1")],
            key: key
        )
        guard case .request(let request, let length) = WebSocketHandshake.readRequest(bytes.span.bytes, limit: 8192)
        else {
            Issue.record("refused")
            return
        }
        #expect(length == bytes.count)
        #expect(request.host == "tunnel.example.com:8443")
        #expect(request.path == "/a%20b")
        #expect(request.value(of: "x") == "1")
        #expect(request.userAgent == "rvpn/1.0")
        #expect(request.authorization == "Bearer abc123Evil: 1")
        let answer = WebSocketHandshake.response(for: request.key)
        let response = try WebSocketHandshake.readResponse(answer.span.bytes, key: key, limit: 8192, ended: false)
        #expect(response == .accepted(headLength: answer.count))
    }

    @Test
    func keysAreNew() {
        #expect(WebSocketHandshake.newKey() != WebSocketHandshake.newKey())
        #expect(WebSocketHandshake.newKey().utf8.count == 24)
    }

    @Test
    func framesBehindTheAnswerAreNotPartOfIt() throws {
        let answer = Self.switching(upgrade: "WebSocket", connection: "keep-alive, upgrade")
        #expect(try Self.read(answer + "\u{1}\u{2}") == .accepted(headLength: answer.utf8.count))
    }

    @Test
    func everyTruncationAsksForMore() throws {
        let answer = Self.switching()
        for length in 0..<answer.utf8.count {
            let part = String(decoding: answer.utf8.prefix(length), as: UTF8.self)
            #expect(try Self.read(part) == .needsBytes)
        }
    }

    @Test
    func anAnswerThatBreaksTheRulesIsRefused() {
        let cases: [(answer: String, error: WebSocketError)] = [
            (Self.switching(upgrade: "h2c"), .notUpgraded),
            (Self.switching(connection: "close"), .notUpgraded),
            (Self.switching(accept: "AAAA"), .wrongAccept),
            (Self.switching(adding: "Sec-WebSocket-Extensions: permessage-deflate\r\n"), .unexpectedAgreement),
            (Self.switching(adding: "Sec-WebSocket-Protocol: chat\r\n"), .unexpectedAgreement),
            ("SSH-2.0-OpenSSH_9.6\r\n\r\n", .malformedResponse),
            ("HTTP/1.1 abc\r\n\r\n", .malformedResponse),
            ("HTTP/1.1\r\n\r\n", .malformedResponse),
            ("HTTP/1.1 200 OK\r\nbroken\r\n\r\n", .malformedResponse),
        ]
        for (answer, error) in cases {
            #expect(throws: error, "\(answer)") { _ = try Self.read(answer) }
        }
        #expect(throws: WebSocketError.malformedResponse) { _ = try Self.read("HTTP/1.1 101 Sw", ended: true) }
        #expect(throws: WebSocketError.responseTooLong(limit: 64)) { _ = try Self.read(Self.switching(), limit: 64) }
    }

    @Test
    func aRefusalIsTakenWithItsBody() throws {
        let head = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\n"
        #expect(try Self.read(head + "ful") == .needsBytes)
        let denial = WebSocketUpgradeDenial(status: 503, retryAfter: 7, body: "full")
        #expect(try Self.read(head + "full") == .refused(denial))
        #expect(try Self.read(head + "full and more") == .refused(denial))
        let early = WebSocketUpgradeDenial(status: 503, retryAfter: 7, body: "fu")
        #expect(try Self.read(head + "fu", ended: true) == .refused(early))
    }

    @Test
    func aRefusalWithoutLengthLastsUntilTheEndOrTheLimit() throws {
        let head = "HTTP/1.1 401 Unauthorized\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n\r\n"
        #expect(try Self.read(head + "bad token") == .needsBytes)
        let denial = WebSocketUpgradeDenial(status: 401, retryAfter: nil, body: "bad token")
        #expect(try Self.read(head + "bad token", ended: true) == .refused(denial))
        let long = String(repeating: "x", count: WebSocketHandshake.longestDenialBody)
        let cut = WebSocketUpgradeDenial(status: 401, retryAfter: nil, body: long)
        #expect(try Self.read(head + long + "yz") == .refused(cut))
    }

    @Test
    func changedHeadsNeverTrap() {
        var numbers = SeededNumbers(seed: 3)
        let request = WebSocketHandshake.request(host: "a.example.com", path: "/?a=%41&b", fields: [], key: Self.key)
        for wire in [request, Array(Self.switching().utf8)] {
            for _ in 0..<2000 {
                var changed = wire
                for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                    let octet = UInt8.random(in: .min ... .max, using: &numbers)
                    changed[Int.random(in: 0..<changed.count, using: &numbers)] = octet
                }
                _ = WebSocketHandshake.readRequest(changed.span.bytes, limit: 300)
                _ = try? WebSocketHandshake.readResponse(changed.span.bytes, key: Self.key, limit: 300, ended: true)
            }
        }
    }
}
