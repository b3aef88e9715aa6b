import EdgeTestKit
import Testing

/// Visitors without TLS.
@Suite
struct PlainHTTPTests {
    @Test
    func aPlainRequestReachesTheServiceUnchanged() throws {
        let site = try Site(["app.example.test"])
        let answer = try site.curl.get("http://app.example.test/200000")
        #expect(answer.code == .exited(0), "\(answer.errors)")
        #expect(answer.body == Pattern.bytes(200_000))
        let request = try #require(site.origin.requests.current.first)
        #expect(request.startLine == "GET /200000 HTTP/1.1")
        #expect(request["Host"] == ["app.example.test:\(site.relay.port)"])
        #expect(request.fields.map(\.name) == ["Host", "User-Agent", "Accept"])
        let up = try site.curl.get("http://app.example.test/up", ["--data-binary", "hello"])
        #expect(up.text == Pattern.digest(Array("hello".utf8)))
        try site.stop()
    }

    @Test(arguments: ["app.example.test", "APP.Example.Test", "app.example.test.", "app.example.test:8080"])
    func aHostIsTheSameNameInEveryForm(host: String) throws {
        let site = try Site(["app.example.test"])
        let answer = try site.curl.get("http://app.example.test/", ["-H", "Host: \(host)"])
        #expect(answer.text == "origin for \(host)\n")
    }

    @Test
    func aWildcardServesEveryDepthAndNotTheNameItself() throws {
        let site = try Site(["*.wild.example.test"])
        #expect(try site.curl.get("http://a.wild.example.test/").head.status == 200)
        #expect(try site.curl.get("http://b.a.wild.example.test/").head.status == 200)
        #expect(try site.curl.get("http://wild.example.test/").head.status == 404)
    }

    @Test
    func aRedirectRouteAnswers308AndACertificateChallengePasses() throws {
        var setup = RelaySetup()
        setup.certificates.append((["app.example.test"], .ecdsa))
        setup.routes = ["{ host: app.example.test, tls: terminate, http: redirect }"]
        let site = try Site(["app.example.test"], setup)
        let redirect = try site.curl.get("http://app.example.test/a/b?c=d", ["-X", "POST", "-d", "x"])
        #expect(redirect.head.status == 308)
        #expect(redirect.head["Location"].first?.hasPrefix("https://app.example.test") == true)
        #expect(redirect.head["Location"].first?.hasSuffix("/a/b?c=d") == true)
        #expect(site.origin.requests.current.isEmpty)

        let challenge = try site.curl.get("http://app.example.test/.well-known/acme-challenge/token")
        #expect(challenge.head.status == 200)
        #expect(challenge.text.hasPrefix("origin for app.example.test"))
        let seen = try #require(site.origin.requests.current.first)
        #expect(seen["Connection"].map { $0.lowercased() } == ["close"])
        #expect(seen.startLine == "GET /.well-known/acme-challenge/token HTTP/1.1")
    }

    @Test
    func onlyTheChallengeItselfPassesARedirect() throws {
        var setup = RelaySetup()
        setup.certificates.append((["app.example.test"], .ecdsa))
        setup.routes = ["{ host: app.example.test, tls: terminate, http: redirect }"]
        let site = try Site(["app.example.test"], setup)
        let visitor = try site.relay.dial()
        let challenge = "GET /.well-known/acme-challenge/one HTTP/1.1\r\nHost: app.example.test\r\n\r\n"
        try visitor.write(challenge + "GET /secret HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        #expect(try HTTPAnswer(from: visitor).head.status == 200)
        #expect(try visitor.readToEnd().isEmpty)
        #expect(site.origin.requests.current.map { $0.word(1) } == ["/.well-known/acme-challenge/one"])
    }

    @Test
    func anUnknownNameGetsAPageThatSaysWhatToDo() throws {
        let relay = try RelayProcess()
        let page = try Curl(port: relay.port).get("http://nobody.example.test/")
        #expect(page.head.status == 404)
        #expect(page.head["Content-Type"] == ["text/html; charset=utf-8"])
        #expect(page.text.contains("nobody.example.test"))
        #expect(page.text.contains("reason=unknown_name"))
        try relay.waitForReason("unknown_name")
        let json = try Curl(port: relay.port).get("http://nobody.example.test/", ["-H", "Accept: application/json"])
        #expect(json.head.status == 404)
        #expect(json.head["Content-Type"] == ["application/json"])
        #expect(json.text.contains("\"reason\":\"unknown_name\""))
        let head = try Curl(port: relay.port).get("http://nobody.example.test/", ["-I"])
        #expect(head.code == .exited(0), "\(head.errors)")
        #expect(head.head.status == 404)
        try relay.stop()
    }

    @Test
    func aNameWhoseTunnelIsAwayGets502WithTheTimeItWasSeen() throws {
        let site = try Site(["app.example.test"])
        try site.agent.stop()
        try site.relay.waitForLog("the tunnel's end") { $0.message == "tunnel ended" }
        let page = try site.curl.get("http://app.example.test/")
        #expect(page.head.status == 502)
        #expect(page.text.contains("last seen "))
        #expect(page.text.contains(" GMT"))
        try site.relay.waitForReason("tunnel_away")
        try site.relay.stop()
    }

    @Test
    func aServiceThatRefusesConnectionsGets502() throws {
        let relay = try RelayProcess()
        let agent = try AgentProcess(relay: relay.port, ["http:down.example.test:\(try LoopbackListener.freePort())"])
        let page = try Curl(port: relay.port).get("http://down.example.test/")
        #expect(page.head.status == 502)
        #expect(page.text.contains("local service"))
        try agent.stop()
        try relay.stop()
    }

    @Test
    func aHeadThatBreaksTheGrammarGets400() throws {
        let relay = try RelayProcess()
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: a.example.test\r\nHost: b.example.test\r\n\r\n")
        #expect(try HTTPAnswer(from: visitor).head.status == 400)
        #expect(try visitor.readToEnd().isEmpty)
        try relay.waitForReason("malformed_request")
    }

    @Test
    func aHeadThatIsTooLargeGets431() throws {
        var setup = RelaySetup()
        setup.limits = ["preface": "4KiB"]
        let relay = try RelayProcess(setup)
        let visitor = try relay.dial()
        let cookie = String(repeating: "c", count: 8192)
        try visitor.write("GET / HTTP/1.1\r\nCookie: \(cookie)\r\nHost: app.example.test\r\n\r\n")
        let answer = try HTTPAnswer(from: visitor)
        #expect(answer.head.status == 431)
        #expect(answer.text.contains("reason=preface_too_large"))
        try relay.waitForReason("preface_too_large")
    }

    @Test
    func aHeadThatComesTooSlowlyGets408() throws {
        var setup = RelaySetup()
        setup.timeouts = ["sniff": "300ms"]
        let relay = try RelayProcess(setup)
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.exa")
        #expect(try HTTPAnswer(from: visitor).head.status == 408)
        try relay.waitForReason("sniff_timeout")
    }

    @Test
    func aHeadThatComesInPiecesIsReadAsOne() throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        for byte in Array("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n".utf8) { try visitor.write([byte]) }
        #expect(try HTTPAnswer(from: visitor).text == "origin for app.example.test\n")
        try visitor.write("GET /5 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        #expect(try HTTPAnswer(from: visitor).body == Pattern.bytes(5))
        #expect(site.origin.connections.current == 1)
    }

    @Test
    func whatIsNeitherTLSNorHTTPIsClosed() throws {
        var setup = RelaySetup()
        setup.timeouts = ["sniff": "300ms"]
        let relay = try RelayProcess(setup)
        let visitor = try relay.dial()
        try visitor.write([0x00, 0xFF, 0x13, 0x37] + Pattern.bytes(64))
        #expect(try visitor.readToEnd().isEmpty)
        try relay.waitForReason("fallback_refused")
        let ssh = try relay.dial()
        try ssh.write("SSH-2.0-OpenSSH_9.2\r\n")
        #expect(try ssh.readToEnd().isEmpty)
        try relay.stop()
    }

    @Test
    func aVisitorMayEndItsHalfAndStillGetsTheAnswer() throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        try visitor.write("GET /100000 HTTP/1.1\r\nHost: app.example.test\r\nConnection: close\r\n\r\n")
        visitor.finishWriting()
        #expect(try HTTPAnswer(from: visitor).body == Pattern.bytes(100_000))
        #expect(try visitor.readToEnd().isEmpty)
    }
}
