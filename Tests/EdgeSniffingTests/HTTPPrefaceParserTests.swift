import EdgeSniffing
import EdgeTypes
import Testing

@Suite
struct HTTPPrefaceParserTests {
    @Test
    func aRequestIsReadWhole() throws {
        let text =
            "GET /a/b?x=1 HTTP/1.1\r\nHost: App.Example.com:8080\r\nAccept: text/html, application/json;q=0.9\r\n\r\n"
        let expected = HTTPPreface(
            method: "GET",
            target: "/a/b?x=1",
            path: "/a/b",
            host: Hostname("app.example.com"),
            minorVersion: 1,
            wantsJSON: true,
            headLength: text.utf8.count
        )
        #expect(preface(try sniff(text)) == expected)
        #expect(preface(try sniff(text + "body")) == expected)
    }

    @Test
    func everyPrefixAsksForMore() throws {
        let heads = [
            "GET /a HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive\r\n\r\n",
            "\r\nPOST http://a.test/x HTTP/1.1\nHost: a.test\n\n",
            "PRIVATE / HTTP/1.0\r\n\r\n",
            "SSH /x HTTP/1.1\r\n\r\n",
            "SSHARE /x HTTP/1.1\r\n\r\n",
        ]
        for head in heads {
            let bytes = Array(head.utf8)
            #expect(prefixesThatDoNotWait(bytes, whole: bytes.count).isEmpty, "\(head)")
            #expect(preface(try sniff(bytes))?.headLength == bytes.count, "\(head)")
        }
    }

    @Test(arguments: [
        ("a.test", "a.test"), ("A.TEST.", "a.test"), ("a.test.:80", "a.test"), ("a.test:", "a.test"),
        ("  a.test  ", "a.test"), ("_a.b_c.test", "_a.b_c.test"), ("192.0.2.7:81", "192.0.2.7"),
        ("[2001:DB8::1]:443", "2001:db8::1"), ("[::1]", "::1"), ("xn--bcher-kva.test", "xn--bcher-kva.test"),
        ("localhost:3000", "localhost"),
    ])
    func aHostIsRead(value: String, expected: String) throws {
        let found = try #require(preface(try sniff("GET / HTTP/1.1\r\nhOsT:\(value)\r\n\r\n")))
        #expect(found.host?.text == expected)
        #expect(found.rawHost == nil)
    }

    @Test(arguments: [
        "a b", "a.test:80x", "a.test:80:81", "2001:db8::1", "[::1", "[::1]x", "user@a.test", "a..test", "a/b", "a,b",
    ])
    func aHostThatIsNoneIsKeptAsItWasSent(value: String) throws {
        let found = try #require(preface(try sniff("GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n")))
        #expect(found.host == nil)
        #expect(found.rawHost == value)
    }

    @Test
    func aRequestWithoutAHostHasNone() throws {
        for head in ["GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n"] {
            let found = try #require(preface(try sniff(head)))
            #expect(found.host == nil)
            #expect(found.rawHost == nil)
        }
        #expect(preface(try sniff("GET / HTTP/1.0\r\n\r\n"))?.minorVersion == 0)
    }

    @Test(arguments: [
        ("http://a.test/x?y=1", "a.test", "/x"), ("HTTPS://A.test:8443", "a.test", "/"),
        ("ws://a.test?q", "a.test", "/"),
        ("http://[::1]:80/", "::1", "/"),
    ])
    func anAbsoluteTargetOverrulesTheHostField(target: String, host: String, path: String) throws {
        let found = try #require(preface(try sniff("GET \(target) HTTP/1.1\r\nHost: other.test\r\n\r\n")))
        #expect(found.host?.text == host)
        #expect(found.path == path)
        #expect(found.target == target)
    }

    @Test
    func theOtherFormsOfATargetAreRead() throws {
        let connect = try #require(preface(try sniff("CONNECT b.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n")))
        #expect(connect.path == "b.test:443")
        #expect(connect.host == Hostname("a.test"))
        let options = try #require(preface(try sniff("OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n")))
        #expect(options.path == "*")
    }

    @Test
    func theSameHostTwiceIsTakenAndTwoHostsAreRefused() throws {
        let same = try sniff("GET / HTTP/1.1\r\nHost: a.test\r\nHost: A.test\r\n\r\n")
        #expect(preface(same)?.host == Hostname("a.test"))
        #expect(throws: SniffingError.malformedRequest(.severalHosts)) {
            _ = try sniff("GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n")
        }
    }

    @Test
    func aWebSocketIsAskedForByBothFields() throws {
        let asked = "GET / HTTP/1.1\r\nUpgrade: foo, WebSocket\r\nConnection: keep-alive, Upgrade\r\n\r\n"
        let step = try sniff(asked)
        #expect(preface(step)?.isWebSocketUpgrade == true)
        guard case .detected(let detection) = step else { return }
        #expect(detection.applicationProtocol == .webSocket)
        for head in [
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: Upgrade\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websockets\r\nConnection: Upgrade\r\n\r\n",
            "POST / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        ] {
            #expect(preface(try sniff(head))?.isWebSocketUpgrade == false, "\(head)")
        }
    }

    @Test
    func anACMEChallengeIsKnownByMethodAndPath() throws {
        let path = "/.well-known/acme-challenge/abc"
        for (line, expected) in [
            ("GET \(path)", true), ("HEAD \(path)", true), ("GET http://a.test\(path)", true), ("POST \(path)", false),
            ("GET /.well-known/acme-challenges/", false), ("GET /x?\(path)", false), ("get \(path)", false),
        ] {
            #expect(preface(try sniff("\(line) HTTP/1.1\r\n\r\n"))?.isACMEChallenge == expected, "\(line)")
        }
    }

    @Test(arguments: [
        ("*/*", false), ("text/html", false), ("application/json", true), ("text/html, APPLICATION/JSON ; q=1", true),
        ("application/jsonp", false),
    ])
    func jsonIsWantedWhereItIsNamed(accept: String, expected: Bool) throws {
        #expect(preface(try sniff("GET / HTTP/1.1\r\nAccept: \(accept)\r\n\r\n"))?.wantsJSON == expected)
    }

    @Test(arguments: [
        ("/?access_token=abc123", "/?access_token=•••"),
        ("/?a=1&ACCESS_TOKEN=abc123&b=2", "/?a=1&ACCESS_TOKEN=•••&b=2"),
        ("/?access%5Ftoken=abc123", "/?access%5Ftoken=•••"),
        ("/?x=eyJhbGciOi.e30.c2ln", "/?x=•••"), ("/?eyJhbGciOi.e30.c2ln", "/?•••"),
        ("/?api_key=k;sig=s&code=c#token=t", "/?api_key=•••;sig=•••&code=•••#token=•••"),
        ("/?q=tokens&page=2", "/?q=tokens&page=2"), ("/?token=", "/?token="), ("/token=x", "/token=x"), ("/?", "/?"),
        ("http://a.test?secret=s", "http://a.test?secret=•••"), ("/?a&b&&=x", "/?a&b&&=x"),
    ])
    func secretsInATargetAreDots(target: String, expected: String) throws {
        let found = try #require(preface(try sniff("GET \(target) HTTP/1.1\r\n\r\n")))
        #expect(found.target == expected)
        #expect(!found.path.contains("?"))
    }

    @Test(arguments: [
        ("GET  / HTTP/1.1\r\n", RequestBreach.requestLine), ("GET / x HTTP/1.1\r\n", .requestLine),
        ("GET HTTP/1.1\r\n", .requestLine), ("GET /  HTTP/1.1\r\n", .requestLine),
        ("GET x HTTP/1.1\r\n\r\n", .requestTarget), ("GET http:// HTTP/1.1\r\n\r\n", .requestTarget),
        ("GET http://u@a.test/ HTTP/1.1\r\n\r\n", .requestTarget), ("GET ** HTTP/1.1\r\n\r\n", .requestTarget),
        ("GET / HTTP/1.1\r\n Host: a.test\r\n", .folding), ("GET / HTTP/1.1\r\nA: b\r\n\tc\r\n", .folding),
        ("GET / HTTP/1.1\r\nHost : a.test\r\n", .fieldName), ("GET / HTTP/1.1\r\n: a.test\r\n", .fieldName),
        ("GET / HTTP/1.1\r\nHost\r\n", .fieldName), ("GET / HTTP/1.1\r\nHo\u{E9}st: a\r\n", .fieldName),
        ("GET / HTTP/1.1\r\nA: b\u{0}c", .forbiddenOctet), ("GET / HTTP/1.1\r\nA: b\rc", .forbiddenOctet),
        ("GET / HTTP/1.1\r\n\r\r", .forbiddenOctet),
    ])
    func aHeadThatBreaksItsRulesIsRefused(head: String, breach: RequestBreach) {
        #expect(throws: SniffingError.malformedRequest(breach)) { _ = try sniff(head) }
    }

    @Test(arguments: [
        "GET /\r\n", "GET / HTTP/2.0\r\n", "GET / http/1.1\r\n", "GET / HTTP/1.x\r\n", "GET /\u{1}", "GET /\rx",
        "GET / RTSP/1.0\r\n", "REGISTER sip:a SIP/2.0\r\n", "PING\r\n", "EHLO a.test\r\n", " GET", "\r\n\r\n", "\n\n",
        "\rx",
        "(GET)", "GE\u{E9}T", "abcdefghijklmnopqrstuvwxyzabcdefg", "{\"a\":1}", "\u{0}", "GET / XHTTP/1.1\r\n",
    ])
    func whatCannotBecomeARequestIsOpaqueAtOnce(text: String) throws {
        #expect(try sniff(text) == .detected(.opaque))
    }

    @Test
    func anEndInsideTheRequestLineIsOpaqueAndBehindItABreach() throws {
        for text in ["G", "GET ", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "\r\n"] {
            #expect(try sniff(text, ended: true) == .detected(.opaque))
        }
        for text in ["GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nHost: a\r\n\r"] {
            #expect(throws: SniffingError.malformedRequest(.endedEarly)) { _ = try sniff(text, ended: true) }
        }
    }

    @Test
    func aHeadAtTheLimitIsTakenAndOneAboveItIsRefused() throws {
        let head = "GET / HTTP/1.1\r\nA: \(String(repeating: "b", count: 500))\r\n\r\n"
        let count = head.utf8.count
        #expect(preface(try sniff(head, limit: count))?.headLength == count)
        #expect(throws: SniffingError.headTooLarge(actual: count, limit: count - 1)) {
            _ = try sniff(head, limit: count - 1)
        }
        let early = head.utf8.prefix(100)
        #expect(throws: SniffingError.headTooLarge(actual: 101, limit: 100)) { _ = try sniff(early, limit: 100) }
        #expect(try sniff(early, limit: 101) == .needsBytes(atLeast: 101))
        #expect(throws: SniffingError.headTooLarge(actual: 65, limit: 64)) {
            _ = try sniff("GET /\(String(repeating: "a", count: 59))", limit: 64)
        }
    }

    @Test(arguments: ["", " HTTP/1.1\r\n\r\n", " \n", "\u{1}"])
    func whatStandsBehindTheLimitDecidesNothing(rest: String) {
        let line = "GET /" + String(repeating: "a", count: 59) + rest
        for ended in [false, true] {
            #expect(throws: SniffingError.headTooLarge(actual: 65, limit: 64)) {
                _ = try sniff(line, ended: ended, limit: 64)
            }
        }
    }
}
