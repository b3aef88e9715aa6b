import EdgeTestKit
import Testing

/// Where visitors go whose first bytes name nobody, and names that have an address instead of a tunnel.
@Suite
struct FallbackTests {
    private static let banner = "SSH-2.0-OpenSSH_9.2\r\n"

    @Test
    func bytesThatNameNobodyGoToAnAddress() throws {
        let echo = try EchoServer()
        var setup = RelaySetup()
        setup.listeners = ["{ address: \"127.0.0.1:0\", fallback: \"127.0.0.1:\(echo.port)\" }"]
        let relay = try RelayProcess(setup)
        let visitor = try relay.dial()
        try visitor.write(Self.banner)
        #expect(try visitor.readExactly(Self.banner.utf8.count) == Array(Self.banner.utf8))
        try visitor.write(Pattern.bytes(500_000))
        #expect(try visitor.readExactly(500_000) == Pattern.bytes(500_000))
        visitor.finishWriting()
        #expect(try visitor.readToEnd().isEmpty)
        // Names are still found on the same port.
        #expect(try Curl(port: relay.port).get("http://nobody.example.test/").head.status == 404)
        try relay.stop()
    }

    @Test
    func theHolderOfAFallbackIsToldOfItsPort() throws {
        var setup = RelaySetup()
        setup.listeners = ["{ address: \"127.0.0.1:0\", fallback: \"tunnel shell.example.test\" }"]
        let relay = try RelayProcess(setup)
        let holder = try relay.client(.agent, token: TestToken.granting(["*.example.test"]))
        let grant = try holder.nextPacket { $0.text.contains("\"grant\"") }.text
        #expect(grant.contains("[\"tcp\",\"shell.example.test\",\(relay.port)]"))
        let other = try relay.client(.agent, token: TestToken.granting(["app.other.test"]))
        #expect(try !other.nextPacket { $0.text.contains("\"grant\"") }.text.contains("\"tcp\""))
    }

    @Test
    func bytesThatNameNobodyGoToATunnel() throws {
        let echo = try EchoServer()
        var setup = RelaySetup()
        setup.listeners = ["{ address: \"127.0.0.1:0\", fallback: \"tunnel shell.example.test\" }"]
        let relay = try RelayProcess(setup)
        let agent = try ChildProcess(
            try ProductBinary.required(),
            try AgentProcess.words(
                relay.port,
                ["ssh:shell.example.test:\(echo.port)"],
                "tunnel.example.test",
                TestToken.secret,
                relay.folder
            )
        )
        try relay.waitForLog("the tunnel") { $0.message == "tunnel connected" }
        let visitor = try relay.dial()
        try visitor.write(Self.banner)
        #expect(try visitor.readExactly(Self.banner.utf8.count) == Array(Self.banner.utf8))
        visitor.finishWriting()
        #expect(try visitor.readToEnd().isEmpty)
        agent.send(15)
        #expect(try agent.waitForEnd() == .exited(0))
        try relay.stop()
    }

    @Test
    func aVisitorWhoWaitsForTheServiceHearsIt() throws {
        let echo = try EchoServer(greeting: "220 ready\r\n")
        var setup = RelaySetup()
        setup.listeners = ["{ address: \"127.0.0.1:0\", fallback: \"127.0.0.1:\(echo.port)\" }"]
        setup.timeouts = ["sniff": "300ms"]
        let relay = try RelayProcess(setup)
        #expect(try relay.dial().readExactly(11) == Array("220 ready\r\n".utf8))
        try relay.stop()
    }

    @Test
    func aRouteMayLeadToAnAddressWithAndWithoutTLS() throws {
        let pair = try TestCertificates.ofThisProcess.get().pair(for: ["old.example.test"])
        let plain = try OriginServer("plain")
        let secure = try OriginServer("secure", secure: pair)
        var setup = RelaySetup()
        setup.certificates.append((["shop.example.test"], .rsa))
        setup.routes = [
            "{ host: old.example.test, upstream: \"127.0.0.1:\(secure.port)\" }",
            "{ host: shop.example.test, upstream: \"127.0.0.1:\(plain.port)\", tls: terminate }",
            "{ host: gone.example.test, upstream: \"127.0.0.1:\(try LoopbackListener.freePort())\" }",
        ]
        let relay = try RelayProcess(setup)
        let curl = Curl(port: relay.port)
        #expect(try curl.get("https://old.example.test/500000").body == Pattern.bytes(500_000))
        #expect(try curl.get("https://shop.example.test/500000").body == Pattern.bytes(500_000))
        #expect(try curl.get("http://shop.example.test/").text == "plain for shop.example.test:\(relay.port)\n")
        #expect(try curl.get("http://gone.example.test/").head.status == 502)
        try relay.waitForReason("connect_failed")
        try relay.stop()
    }
}
