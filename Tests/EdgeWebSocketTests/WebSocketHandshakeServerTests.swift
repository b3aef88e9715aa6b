import EdgeWebSocket
import Testing

@Suite
struct WebSocketHandshakeServerTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    /// A good request, its fields to be changed.
    private static func head(
        line: String = "GET / HTTP/1.1",
        replacing name: String = "",
        with value: String? = nil,
        adding extra: String = "",
        end: String = "\r\n"
    ) -> String {
        let fields = [
            ("Host", "tunnel.example.com"), ("Upgrade", "websocket"), ("Connection", "keep-alive, Upgrade"),
            ("Sec-WebSocket-Key", Self.key), ("Sec-WebSocket-Version", "13"),
        ]
        var lines = [line]
        for (field, usual) in fields {
            guard let text = field == name ? value : usual else { continue }
            lines.append("\(field): \(text)")
        }
        if !extra.isEmpty { lines.append(extra) }
        return (lines + ["", ""]).joined(separator: end)
    }

    private static func read(_ head: String, limit: Int = 8192) -> WebSocketUpgradeStep {
        WebSocketHandshake.readRequest(Array(head.utf8).span.bytes, limit: limit)
    }

    private static func request(_ head: String) -> WebSocketUpgradeRequest? {
        guard case .request(let request, _) = Self.read(head) else { return nil }
        return request
    }

    private static func refusal(_ head: String, limit: Int = 8192) -> WebSocketUpgradeRefusal? {
        guard case .refused(let refusal) = Self.read(head, limit: limit) else { return nil }
        return refusal
    }

    @Test(arguments: ["\r\n", "\n"])
    func aRequestIsRead(end: String) throws {
        let head = Self.head(
            line: "GET /ws/x?access_token=abc%2B1+2&versions=v1&empty=&flag&%zz=%4 HTTP/1.1",
            adding: ["User-Agent: rvpn/1.0", "Authorization: Bearer abc123", "RVPN-Instance: one"]
                .joined(separator: end),
            end: end
        )
        guard case .request(let request, let length) = Self.read(head + "\u{1}frames") else {
            Issue.record("no request")
            return
        }
        #expect(length == head.utf8.count)
        #expect(request.path == "/ws/x")
        #expect(request.query.map(\.name) == ["access_token", "versions", "empty", "flag", "%zz"])
        #expect(request.query.map(\.value) == ["abc+1 2", "v1", "", "", "%4"])
        #expect(request.value(of: "versions") == "v1")
        #expect(request.value(of: "version") == nil)
        #expect(request.host == "tunnel.example.com")
        #expect(request.userAgent == "rvpn/1.0")
        #expect(request.authorization == "Bearer abc123")
        #expect(request.credentials(scheme: "bearer") == "abc123")
        #expect(request.credentials(scheme: "basic") == nil)
        #expect(request.instance == "one")
        #expect(request.key == Self.key)
    }

    @Test
    func everyTruncationAsksForMore() {
        let head = Self.head()
        for length in 0..<head.utf8.count {
            guard case .needsBytes = Self.read(String(decoding: head.utf8.prefix(length), as: UTF8.self)) else {
                Issue.record("an answer after \(length) bytes")
                continue
            }
        }
        #expect(Self.request(head) != nil)
    }

    @Test(arguments: [
        "GET /?access_token=x.y.z HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: utOBe+IhfXGBlZcamnitVQ==\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nHost: localhost:9443\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost:9443\r\nUser-Agent: Go-http-client/1.1\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: XcVnm0VerKf5XjiX9GT0Rw==\r\nSec-WebSocket-Version: 13\r\nUpgrade: WebSocket\r\n\r\n",
        "GET wss://localhost:9443/?a=b HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\n"
            + "Sec-WebSocket-Key: XcVnm0VerKf5XjiX9GT0Rw==\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n",
    ])
    func everyClientsRequestIsTaken(head: String) throws {
        let request = try #require(Self.request(head))
        #expect(request.path == "/")
        #expect(request.host.hasPrefix("localhost"))
    }

    @Test
    func whatIsNoUpgradeIsRefusedWithItsStatus() {
        let cases: [(head: String, refusal: WebSocketUpgradeRefusal, status: Int)] = [
            (Self.head(line: "POST / HTTP/1.1"), .methodNotAllowed, 405),
            (Self.head(line: "OPTIONS * HTTP/1.1"), .methodNotAllowed, 405),
            (Self.head(line: "GET / HTTP/1.0"), .notAnUpgrade, 426),
            ("PRI * HTTP/2.0\r\n\r\n", .methodNotAllowed, 405),
            (Self.head(replacing: "Upgrade"), .notAnUpgrade, 426),
            (Self.head(replacing: "Upgrade", with: "h2c"), .notAnUpgrade, 426),
            (Self.head(replacing: "Connection", with: "close"), .notAnUpgrade, 426),
            (Self.head(replacing: "Sec-WebSocket-Version", with: "8"), .unsupportedVersion, 426),
            (Self.head(replacing: "Sec-WebSocket-Version"), .unsupportedVersion, 426),
            (Self.head(replacing: "Sec-WebSocket-Key"), .malformed, 400),
            (Self.head(replacing: "Sec-WebSocket-Key", with: "abc"), .malformed, 400),
            (Self.head(replacing: "Sec-WebSocket-Key", with: "!GhlIHNhbXBsZSBub25jZQ=="), .malformed, 400),
            (Self.head(adding: "Sec-WebSocket-Key: \(Self.key)"), .malformed, 400),
            (Self.head(replacing: "Host"), .malformed, 400),
            (Self.head(adding: "Host: other.example.com"), .malformed, 400),
            (Self.head(adding: "Content-Length: 5"), .malformed, 400),
            (Self.head(adding: "Transfer-Encoding: chunked"), .malformed, 400),
            (Self.head(line: "GET  / HTTP/1.1"), .malformed, 400),
            (Self.head(line: "GET relative HTTP/1.1"), .malformed, 400),
            (Self.head(line: "GET /"), .malformed, 400),
            (Self.head(adding: " folded: line"), .malformed, 400),
            (Self.head(adding: "Space : before"), .malformed, 400),
            (Self.head(adding: ": nameless"), .malformed, 400),
            (Self.head(adding: "no colon"), .malformed, 400),
            (Self.head(adding: "Zero: \u{0}"), .malformed, 400),
            (Self.head(adding: "Return: a\rb"), .malformed, 400),
            ("\r\n\r\n", .malformed, 400),
        ]
        for (head, refusal, status) in cases {
            #expect(Self.refusal(head) == refusal, "\(head)")
            #expect(refusal.status == status)
        }
    }

    @Test
    func aHeadAboveTheLimitIsRefusedWithoutItsEnd() {
        let head = Self.head(adding: "Filler: " + String(repeating: "x", count: 500))
        #expect(Self.refusal(head, limit: 400) == .headTooLong)
        #expect(Self.refusal(String(decoding: head.utf8.prefix(400), as: UTF8.self), limit: 400) == .headTooLong)
        guard case .needsBytes = Self.read(String(decoding: head.utf8.prefix(399), as: UTF8.self), limit: 400) else {
            Issue.record("no more bytes wanted below the limit")
            return
        }
        guard case .request = Self.read(head, limit: head.utf8.count) else {
            Issue.record("a head of exactly the limit is refused")
            return
        }
    }

    @Test
    func theTokenIsNotInAnyDescription() throws {
        let head = Self.head(line: "GET /?access_token=SECRET HTTP/1.1", adding: "Authorization: Bearer SECRET")
        let request = try #require(Self.request(head))
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped, "\(Self.read(head))"] {
            #expect(!text.contains("SECRET"))
            #expect(text.contains("tunnel.example.com"))
        }
    }

    @Test
    func theAnswerIsTheSpecifications() {
        // RFC 6455 §1.3.
        #expect(WebSocketHandshake.accept(for: Self.key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(
            String(decoding: WebSocketHandshake.response(for: Self.key), as: UTF8.self)
                == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        )
    }

    @Test
    func aRefusalIsAWholeAnswer() {
        let plain = WebSocketHandshake.refusal(
            status: 426,
            reason: "Upgrade Required",
            extraFields: WebSocketUpgradeRefusal.notAnUpgrade.fields,
            body: "für Tunnel\n"
        )
        #expect(
            String(decoding: plain, as: UTF8.self)
                == "HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: 12\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\nfür Tunnel\n"
        )
        let json = WebSocketHandshake.refusal(
            status: 401,
            reason: "Unauthorized",
            extraFields: [("Content-Type", "application/json"), ("X-Evil", "a\r\nSet-Cookie: b")],
            body: "{}"
        )
        #expect(
            String(decoding: json, as: UTF8.self)
                == "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 2\r\n"
                + "Content-Type: application/json\r\nX-Evil: aSet-Cookie: b\r\n\r\n{}"
        )
    }
}
