import EdgeTestKit
import Testing

/// Many bytes and many visitors.
///
/// The full sizes are for a program that was built for release.
@Suite(.serialized)
struct TransferTests {
    private static let size = ProductBinary.isRelease ? 1 << 30 : 64 << 20
    private static let limit = Duration.seconds(180)

    private static func check(_ site: Site, _ url: String) throws {
        let down = try site.curl.get("\(url)/\(Self.size)", within: Self.limit)
        #expect(down.code == .exited(0), "\(down.errors)")
        #expect(down.body.count == Self.size)
        let digest = Pattern.digest(Pattern.bytes(Self.size))
        #expect(Pattern.digest(down.body) == digest)

        let folder = try TemporaryFolder()
        let file = try folder.write("upload", Pattern.bytes(Self.size))
        let up = try site.curl.get("\(url)/up", ["-T", file], within: Self.limit)
        #expect(up.code == .exited(0), "\(up.errors)")
        #expect(up.text == digest)
        try site.stop()
    }

    @Test
    func bulkArrivesWholeOverPlainHTTP() throws {
        var setup = RelaySetup()
        setup.logLevel = "info"
        try Self.check(try Site(["app.example.test"], setup), "http://app.example.test")
    }

    @Test
    func bulkArrivesWholeThroughTLSThatPasses() throws {
        var setup = RelaySetup()
        setup.logLevel = "info"
        let pair = try TestCertificates.ofThisProcess.get().pair(for: ["secure.example.test"])
        let origin = try OriginServer("secure", secure: pair)
        try Self.check(try Site(["https:secure.example.test"], setup, origin: origin), "https://secure.example.test")
    }

    @Test
    func bulkArrivesWholeThroughTLSThatEndsHere() throws {
        var setup = RelaySetup()
        setup.logLevel = "info"
        setup.certificates.append((["shop.example.test"], .rsa))
        setup.routes = ["{ host: shop.example.test, tls: terminate }"]
        try Self.check(try Site(["shop.example.test"], setup), "https://shop.example.test")
    }

    @Test
    func twoHundredVisitorsAtOnceEachGetTheirOwnBytes() throws {
        let site = try Site(["app.example.test"])
        let visitors = try (0..<200).map { _ in try site.relay.dial() }
        for (index, visitor) in visitors.enumerated() {
            try visitor.write("GET /\(60_000 + index) HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        }
        for (index, visitor) in visitors.enumerated().reversed() {
            #expect(try HTTPAnswer(from: visitor).body == Pattern.bytes(60_000 + index), "visitor \(index)")
        }
        // All are still open, and each may ask again.
        for visitor in visitors { try visitor.write("GET /7 HTTP/1.1\r\nHost: app.example.test\r\n\r\n") }
        for visitor in visitors { #expect(try HTTPAnswer(from: visitor).body == Pattern.bytes(7)) }
        #expect(site.origin.connections.current == 200)
        try site.stop()
    }

    @Test
    func aVisitorThatReadsNothingHoldsNobodyUp() throws {
        let site = try Site(["app.example.test"])
        let slow = try site.relay.dial()
        try slow.write("GET /\(32 << 20) HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try slow.readHead()
        for size in [1, 100_000, 4_000_000] {
            #expect(try site.curl.get("http://app.example.test/\(size)").body == Pattern.bytes(size))
        }
        #expect(try slow.readExactly(32 << 20) == Pattern.bytes(32 << 20))
        try site.stop()
    }

    @Test
    func aVisitorThatLeavesInTheMiddleLeavesTheTunnelAlone() throws {
        let site = try Site(["app.example.test"])
        for _ in 0..<20 {
            let visitor = try site.relay.dial()
            try visitor.write("GET /10000000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
            _ = try visitor.readExactly(100_000)
            visitor.reset()
        }
        #expect(try site.curl.get("http://app.example.test/1000").body == Pattern.bytes(1000))
        try site.stop()
    }
}
