import EdgeConfiguration
import EdgeTypes
import Testing

@Suite
struct LocalServiceTests {
    @Test(arguments: [
        ("app.example.com:3000", "http:app.example.com:127.0.0.1:3000"),
        ("http:app.example.com:3000", "http:app.example.com:127.0.0.1:3000"),
        ("HTTPS:App.example.com.:8443", "https:app.example.com:127.0.0.1:8443"),
        ("ssh:app.example.com:22", "ssh:app.example.com:127.0.0.1:22"),
        ("http:app.example.com:other.test:80", "http:app.example.com:other.test:80"),
        ("app.example.com:other.test:80", "http:app.example.com:other.test:80"),
        ("http:app.example.com:[::1]:80", "http:app.example.com:[::1]:80"),
        ("http:app.example.com:unix:/run/app.sock", "http:app.example.com:unix:/run/app.sock"),
        ("app.example.com:unix:app.sock", "http:app.example.com:unix:app.sock"),
        ("http:127.0.0.1:8080", "http:127.0.0.1:127.0.0.1:8080"),
        ("127.0.0.1:8080", "http:127.0.0.1:127.0.0.1:8080"),
        ("https:127.0.0.1:127.0.0.2:8080", "https:127.0.0.1:127.0.0.2:8080"),
        ("http:[::1]:8080", "http:[::1]:127.0.0.1:8080"),
        ("http:[::1]:[::1]:8080", "http:[::1]:[::1]:8080"),
        ("*.example.com:3000", "http:*.example.com:127.0.0.1:3000"),
        ("https:*:3000", "https:*:127.0.0.1:3000"),
        ("tcp:2222:22", "tcp:2222:127.0.0.1:22"),
        ("tcp:2222:192.0.2.1:22", "tcp:2222:192.0.2.1:22"),
        ("tcp:2222:unix:/run/x", "tcp:2222:unix:/run/x"),
        ("tcp:*:5432", "tcp:*:127.0.0.1:5432"),
        ("tcp:*:unix:/run/x", "tcp:*:unix:/run/x"),
    ])
    func aServiceIsReadInEveryForm(text: String, expected: String) throws {
        let service = try LocalService(text)
        #expect(service.description == expected)
        #expect(try LocalService(service.description) == service)
    }

    @Test
    func namesAndPortsAreToldApart() throws {
        let named = try LocalService("http:127.0.0.1:8080")
        #expect(named.kind == .http)
        #expect(named.pattern == .exact(try name("127.0.0.1")))
        #expect(named.publicPort == nil)
        #expect(named.target == .tcp(host: "127.0.0.1", port: 8080))
        let port = try LocalService("tcp:2222:22")
        #expect(port.kind == .tcp)
        #expect(port.pattern == nil)
        #expect(port.publicPort == 2222)
        #expect(port == LocalService(kind: .tcp, exposure: .port(2222), target: .tcp(host: "127.0.0.1", port: 22)))
    }

    @Test
    func aPortOfThePoolIsNeitherANameNorANumber() throws {
        let pooled = try LocalService("tcp:*:22")
        #expect(pooled.kind == .tcp)
        #expect(pooled.exposure == .pool)
        #expect(pooled.pattern == nil)
        #expect(pooled.publicPort == nil)
        #expect(pooled.target == .tcp(host: "127.0.0.1", port: 22))
    }

    @Test
    func onlyOneServiceIsForThePool() throws {
        var services: [LocalService] = []
        for text in ["tcp:*:22", "tcp:5000:23", "http:*:80"] {
            try LocalService.add(try LocalService(text), to: &services)
        }
        let second = try LocalService("tcp:*:25")
        let error = LocalServiceError.secondPool("tcp:*:127.0.0.1:25", beside: "tcp:*:127.0.0.1:22")
        #expect(throws: error) { try LocalService.add(second, to: &services) }
        #expect(services.count == 3)
        #expect(throws: error) { _ = try LocalService.list("tcp:*:22,tcp:*:25") }
        #expect(error.description.contains("keep one"))
    }

    @Test(arguments: ["", "app", "http", "http:", "http:app", "http:3000", ":3000", "http::3000", "[::1]", "[::1]x:3"])
    func aServiceThatLacksAPartIsRefused(text: String) {
        #expect(throws: LocalServiceError.incomplete(text)) { _ = try LocalService(text) }
    }

    @Test(arguments: [
        ("http:a b:80", LocalServiceError.unknownName("a b", in: "http:a b:80")),
        ("http:*.*.test:80", .unknownName("*.*.test", in: "http:*.*.test:80")),
        ("tcp:0:22", .unknownPort("0", in: "tcp:0:22")),
        ("tcp:app.test:22", .unknownPort("app.test", in: "tcp:app.test:22")),
        ("tcp:70000:22", .unknownPort("70000", in: "tcp:70000:22")),
        ("app.test:0", .unknownTarget("0", in: "app.test:0")),
        ("app.test:", .unknownTarget("", in: "app.test:")),
        ("app.test:web", .unknownTarget("web", in: "app.test:web")),
        ("app.test::80", .unknownTarget(":80", in: "app.test::80")),
        ("app.test:fd:x", .unknownTarget("fd:x", in: "app.test:fd:x")),
        ("app.test:unix:", .unknownTarget("unix:", in: "app.test:unix:")),
        ("http:::1:80", .incomplete("http:::1:80")),
    ])
    func aPartThatCannotBeReadIsNamed(text: String, error: LocalServiceError) {
        #expect(throws: error) { _ = try LocalService(text) }
    }

    @Test
    func anUnknownServiceIsANameLikeAnyOther() throws {
        let service = try LocalService("ftp:app.test:80")
        #expect(service.kind == .http)
        #expect(service.pattern == .exact(try name("ftp")))
    }

    @Test
    func theOldSpellingIsTheSameListWithCommas() throws {
        let services = try LocalService.list("http:a.test:3000, https:b.test:3001 ,tcp:22:22,")
        #expect(
            services.map(\.description) == [
                "http:a.test:127.0.0.1:3000", "https:b.test:127.0.0.1:3001", "tcp:22:127.0.0.1:22",
            ]
        )
        #expect(try LocalService.list("").isEmpty)
        #expect(throws: LocalServiceError.incomplete("b")) { _ = try LocalService.list("a.test:1,b") }
    }
}
