import EdgeAdmin
import EdgeMetering
import EdgeTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AdminApplicationTests {
    private let remote = PeerAddress(address: NetworkAddress(ipv4: 0xC000_0201), port: 4711)

    private func site(_ control: StubRelay = StubRelay()) -> LoopbackSite {
        LoopbackSite(control: control)
    }

    // MARK: What is there

    @Test
    func theRootIsAPageForABrowser() async throws {
        let answer = try await self.site().ask("GET", "/", fields: "Accept: text/html,application/json;q=0.5")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "text/html; charset=utf-8")
        #expect(answer.body.hasPrefix("<!doctype html>"))
        #expect(answer.body.contains("1 min 30 s"))
        #expect(answer.body.contains("OpenSSL 3.0.17"))
        #expect(answer.body.contains("No tunnel is connected."))
        #expect(!answer.body.contains("<!--"))
        #expect(answer.body.hasSuffix("</html>\n"))
    }

    @Test(arguments: ["/api/v1/status", "/status.json", "/"])
    func theStatusIsThereAsJSON(path: String) async throws {
        let control = StubRelay(
            tunnels: [StubRelay.tunnel(7, identity: "one")],
            names: [NameStatus(pattern: "a.example.com", tunnels: ["t7"], lastSeen: nil)],
            connections: [StubRelay.connection(42, raw: MeterReading(received: 5, sent: 7))]
        )
        let answer = try await self.site(control).ask("GET", path, fields: "Accept: application/json")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "application/json; charset=utf-8")
        #expect(answer.body.contains(#""id":"c42""#))
        #expect(answer.body.contains(#""raw":{"received":5,"sent":7}"#))
        #expect(answer.body.contains(#""identity":"one""#))
        #expect(answer.body.contains(#""uptimeSeconds":90"#))
        #expect(answer.body.contains(#""ended":{"finished":9}"#))
    }

    @Test
    func healthAndReadinessAreOpenToAll() async throws {
        var site = self.site()
        site.peer = self.remote
        let health = try await site.ask("GET", "/healthz")
        #expect(health.status == 200)
        #expect(health.body == "ok\n")
        let ready = try await site.ask("GET", "/readyz")
        #expect(ready.status == 200)
        var starting = self.site(StubRelay(isUp: false))
        starting.peer = self.remote
        let notReady = try await starting.ask("GET", "/readyz")
        #expect(notReady.status == 503)
        #expect(notReady.body == "not ready\n")
        let alive = try await starting.ask("GET", "/healthz")
        #expect(alive.status == 200)
    }

    @Test(arguments: [("/page.css", "text/css; charset=utf-8"), ("/page.js", "text/javascript; charset=utf-8")])
    func thePagesFilesAreInTheExecutable(path: String, type: String) async throws {
        let answer = try await self.site().ask("GET", path)
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == type)
        #expect(answer.fields["content-length"] == String(answer.body.utf8.count))
        #expect(answer.body.utf8.count > 1000)
    }

    // MARK: Who may see it

    @Test(arguments: ["/", "/api/v1/status", "/status.json"])
    func theStatusIsForLoopbackVisitorsOnly(path: String) async throws {
        var site = self.site(StubRelay(tunnels: [StubRelay.tunnel(7, identity: "one")]))
        site.peer = self.remote
        let page = try await site.ask("GET", path, fields: "Accept: */*")
        #expect(page.status == 403)
        #expect(page.body.contains("loopback"))
        #expect(!page.body.contains("a.example.com"))
        site.peer = .local
        let forwarded = try await site.ask("GET", path, fields: "X-Forwarded-For: 192.0.2.1")
        #expect(forwarded.status == 403)
        #expect(forwarded.body.contains("proxy"))
        let local = try await site.ask("GET", path)
        #expect(local.status == 200)
    }

    @Test
    func aRefusalIsAProblemForPrograms() async throws {
        var site = self.site()
        site.peer = self.remote
        let answer = try await site.ask("GET", "/api/v1/status")
        #expect(answer.status == 403)
        #expect(answer.fields["content-type"] == "application/problem+json")
        #expect(answer.body.contains(#""status":403"#))
    }

    // MARK: What is not there

    @Test(arguments: ["/nothing", "/api/v1/nothing", "/../etc/passwd", "/page.html", "/%2e%2e/"])
    func otherPathsAreNotFound(path: String) async throws {
        let answer = try await self.site().ask("GET", path)
        #expect(answer.status == 404)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    func theStatusCanOnlyBeRead(method: String) async throws {
        let answer = try await self.site().ask(method, "/", fields: "Content-Length: 0")
        #expect(answer.status == 405)
        #expect(answer.fields["allow"] == "GET, HEAD")
    }

    @Test(arguments: ["/", "/status.json", "/nothing", "/readyz", "/page.css"])
    func headSaysWhatGetWouldWithoutTheBody(path: String) async throws {
        let get = try await self.site().ask("GET", path)
        let head = try await self.site().ask("HEAD", path)
        #expect(head.status == get.status)
        #expect(head.body == "")
        #expect(head.fields["content-length"] == get.fields["content-length"])
        #expect(head.fields["content-type"] == get.fields["content-type"])
    }

    // MARK: How it is protected

    @Test(arguments: ["/", "/status.json", "/healthz", "/nothing", "/page.js"])
    func everyAnswerKeepsOtherSitesOut(path: String) async throws {
        let fields = try await self.site().ask("GET", path).fields
        let policy = try #require(fields["content-security-policy"])
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(fields["x-content-type-options"] == "nosniff")
        #expect(fields["x-frame-options"] == "DENY")
        #expect(fields["cache-control"] == "no-store")
        let date = try #require(fields["date"])
        let form = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/
        #expect(date.wholeMatch(of: form) != nil)
    }

    @Test
    func thePageLoadsNothingFromElsewhereAndHasNoScriptInIt() async throws {
        let page = try await self.site().ask("GET", "/").body
        #expect(page.firstRange(of: /(src|href)="(https?:)?\/\//) == nil)
        #expect(page.firstRange(of: /<script(?! src="\/page\.js" defer><\/script>)/) == nil)
        #expect(page.firstRange(of: /\son[a-z]+=|style=/) == nil)
    }

    @Test
    func severalRequestsShareAConnection() async throws {
        let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n"
        let answer = try await self.site().send(request + "\r\n" + request + "Connection: close\r\n\r\n")
        #expect(answer.ranges(of: "HTTP/1.1 200 OK").count == 2)
    }

    @Test
    func whatIsNoHTTPIsRefused() async throws {
        let answer = try await self.site().send("\u{16}\u{3} nonsense\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400"))
    }

    @Test
    func aHeadThatIsTooLongIsRefused() async throws {
        let long = String(repeating: "x", count: 20_000)
        let answer = try await self.site().send("GET / HTTP/1.1\r\nHost: a\r\nX-Long: \(long)\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 4"))
    }
}
