import EdgeTestKit
import Testing

/// Visitors with TLS: passed through, ended here, or refused.
@Suite
struct TLSJourneyTests {
    /// Both treatments on one relay, and certificates of both kinds.
    private static func setup(default name: String? = nil) -> RelaySetup {
        var setup = RelaySetup()
        setup.certificates += [
            (["shop.example.test"], .rsa), (["*.wild.example.test"], .ecdsa), (["exact.wild.example.test"], .ecdsa),
        ]
        setup.routes = [
            "{ host: shop.example.test, tls: terminate }", "{ host: \"*.wild.example.test\", tls: terminate }",
        ]
        setup.defaultCertificate = name
        return setup
    }

    private static func fingerprint(_ names: [String], _ kind: TestCertificates.Kind = .ecdsa) throws -> String {
        try TestCertificates.ofThisProcess.get().pair(for: names, kind).fingerprint
    }

    @Test(arguments: ["--tlsv1.2", "--tlsv1.3"])
    func tlsPassesThroughToTheServicesOwnCertificate(version: String) throws {
        let pair = try TestCertificates.ofThisProcess.get().pair(for: ["secure.example.test"])
        let site = try Site(["https:secure.example.test"], origin: OriginServer("secure", secure: pair))
        let options = version == "--tlsv1.2" ? ["--tls-max", "1.2"] : [version]
        let answer = try site.curl.get("https://secure.example.test/300000", options)
        #expect(answer.code == .exited(0), "\(answer.errors)")
        #expect(answer.body == Pattern.bytes(300_000))
        #expect(try OpenSSLClient(port: site.relay.port, name: "secure.example.test").fingerprint == pair.fingerprint)
        try site.stop()
    }

    @Test
    func tlsEndsHereWhereTheRouteSaysSo() throws {
        let site = try Site(["shop.example.test"], Self.setup())
        let answer = try site.curl.get("https://shop.example.test/300000")
        #expect(answer.code == .exited(0), "\(answer.errors)")
        #expect(answer.body == Pattern.bytes(300_000))
        #expect(site.origin.requests.current.map(\.startLine) == ["GET /300000 HTTP/1.1"])
        let up = try site.curl.get("https://shop.example.test/up", ["--data-binary", "hello"])
        #expect(up.text == Pattern.digest(Array("hello".utf8)))
        try site.stop()
    }

    @Test
    func aRequestForAnotherCertificatesNameIsMisdirected() throws {
        let site = try Site(["shop.example.test"], Self.setup())
        let first = site.relay.logLength
        let answer = try site.curl.get("https://shop.example.test/", ["-H", "Host: any.wild.example.test"])
        #expect(answer.head.status == 421, "\(answer.errors)")
        #expect(answer.text.contains("misdirected"))
        try site.relay.waitForReason("misdirected", from: first)
        #expect(site.origin.requests.current.isEmpty, "nobody is asked")
        let right = try site.curl.get("https://shop.example.test/10", ["-H", "Host: SHOP.example.test:443"])
        #expect(right.body == Pattern.bytes(10))
        try site.stop()
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func theCertificateFollowsTheName(version: String) throws {
        let site = try Site(["shop.example.test", "*.wild.example.test"], Self.setup())
        let expected: [(String, [String], TestCertificates.Kind)] = [
            ("admin.example.test", ["admin.example.test", "tunnel.example.test"], .ecdsa),
            ("TUNNEL.example.test", ["admin.example.test", "tunnel.example.test"], .ecdsa),
            ("shop.example.test", ["shop.example.test"], .rsa),
            ("any.wild.example.test", ["*.wild.example.test"], .ecdsa),
            ("exact.wild.example.test", ["exact.wild.example.test"], .ecdsa),
        ]
        for (name, names, kind) in expected {
            let peer = try OpenSSLClient(port: site.relay.port, name: name, [version])
            #expect(peer.version == (version == "-tls1_2" ? "TLSv1.2" : "TLSv1.3"), "\(name): \(peer.text)")
            #expect(try peer.fingerprint == Self.fingerprint(names, kind), "\(name)")
        }
        try site.stop()
    }

    @Test
    func aNameThatNobodyHoldsGetsTheAlert() throws {
        let relay = try RelayProcess(Self.setup())
        for version in ["-tls1_2", "-tls1_3"] {
            let first = relay.logLength
            let peer = try OpenSSLClient(port: relay.port, name: "nobody.example.test", [version])
            #expect(peer.alert == 112, "\(peer.text)")
            try relay.waitForReason("unknown_name", from: first)
        }
        try relay.stop()
    }

    @Test
    func withoutANameTheDefaultCertificateIsServedOrTheAlertSent() throws {
        let without = try RelayProcess(Self.setup())
        let peer = try OpenSSLClient(port: without.port, name: nil)
        #expect(peer.alert == 112, "\(peer.text)")
        try without.waitForReason("no_server_name")
        let with = try RelayProcess(Self.setup(default: "shop.example.test"))
        let named = try OpenSSLClient(port: with.port, name: nil)
        #expect(try named.fingerprint == Self.fingerprint(["shop.example.test"], .rsa))
    }

    @Test
    func insideTLSWithoutANameTheHostDecides() throws {
        let site = try Site(["shop.example.test", "app.example.test"], Self.setup(default: "shop.example.test"))
        // curl sends no name for an address.
        let answer = try Curl(port: site.relay.port).get("https://127.0.0.1/", ["-k", "-H", "Host: app.example.test"])
        #expect(answer.text == "origin for app.example.test\n", "\(answer.errors)")
        let unknown = try Curl(port: site.relay.port).get("https://127.0.0.1/", ["-k", "-H", "Host: no.example.test"])
        #expect(unknown.head.status == 404)
    }

    @Test
    func aVisitorWhoPrefersHTTP2SpeaksTheServicesOwnVersion() throws {
        let site = try Site(["shop.example.test"], Self.setup())
        let answer = try site.curl.get("https://shop.example.test/1000", ["--http2"])
        #expect(answer.code == .exited(0), "\(answer.errors)")
        #expect(answer.head.startLine.hasPrefix("HTTP/1.1 200"))
        #expect(answer.body == Pattern.bytes(1000))
    }

    @Test
    func sslThreeIsRefusedWithAnAlert() throws {
        let relay = try RelayProcess(Self.setup())
        let visitor = try relay.dial()
        // A ClientHello of SSL 3.0 (RFC 6101 §5.6.1.2): one cipher suite, no extensions.
        let hello: [UInt8] = [0x03, 0x00] + Pattern.bytes(32) + [0, 0, 2, 0x00, 0x2F, 1, 0]
        let message: [UInt8] = [1, 0, 0, UInt8(hello.count)] + hello
        try visitor.write([0x16, 0x03, 0x00, 0, UInt8(message.count)] + message)
        let answer = try visitor.readToEnd()
        #expect(answer.count == 7)
        #expect(answer.first == 0x15)
        #expect(answer.suffix(2).first == 2, "fatal")
        #expect(answer.last == 70, "protocol_version")
        try relay.waitForReason("obsolete_protocol")
    }

    @Test
    func aHelloInPiecesAndInSeveralRecordsFindsItsName() throws {
        let pair = try TestCertificates.ofThisProcess.get().pair(for: ["secure.example.test"])
        let site = try Site(["https:secure.example.test"], origin: OriginServer("secure", secure: pair))
        let trusted = try TestCertificates.ofThisProcess.get().folder.read("authority.pem")
        let chopped = ChoppedConnection(try site.relay.dial())
        let secure = try SecureConnection(dialling: chopped, name: "secure.example.test", authority: trusted)
        try secure.write("GET /1000 HTTP/1.1\r\nHost: secure.example.test\r\n\r\n")
        #expect(try HTTPAnswer(from: secure).body == Pattern.bytes(1000))
    }

    @Test
    func aHandshakeThatStopsHalfWayEndsInTime() throws {
        var setup = Self.setup()
        setup.timeouts = ["handshake": "300ms"]
        let relay = try RelayProcess(setup)
        let visitor = try relay.dial()
        let stalled = StalledConnection(visitor)
        #expect(throws: (any Error).self) {
            try SecureConnection(dialling: stalled, name: "tunnel.example.test", authority: nil)
        }
        #expect(!stalled.received.isEmpty)
        _ = try? visitor.readToEnd()
        try relay.waitForReason("handshake_timeout")
    }
}
