import EdgeTestKit
import Testing

/// The kit itself, without the program: a test that trusts it must be able to.
@Suite
struct KitTests {
    @Test
    func curlReadsFromAnOriginAndDigestsAgree() throws {
        let origin = try OriginServer("kit")
        let curl = Curl(port: origin.port)
        #expect(try curl.get("http://kit.test/").text == "kit for kit.test:\(origin.port)\n")
        #expect(try curl.get("http://kit.test/300000").body == Pattern.bytes(300_000))
        let sent = try curl.get("http://kit.test/up", ["--data-binary", "hello"])
        #expect(sent.text == Pattern.digest(Array("hello".utf8)))
        #expect(origin.requests.current.count == 3)
    }

    @Test(arguments: [TestCertificates.Kind.ecdsa, .rsa])
    func curlReadsFromASecureOrigin(kind: TestCertificates.Kind) throws {
        let pair = try TestCertificates.ofThisProcess.get().pair(for: ["kit.test"], kind)
        let origin = try OriginServer("kit", secure: pair)
        let answer = try Curl(port: origin.port).get("https://kit.test/100000")
        #expect(answer.code == .exited(0), "\(answer.errors)")
        #expect(answer.body == Pattern.bytes(100_000))
        let peer = try OpenSSLClient(port: origin.port, name: "kit.test", ["-tls1_2"])
        #expect(peer.version == "TLSv1.2")
        #expect(try peer.fingerprint == pair.fingerprint)
    }

    @Test
    func aWebSocketEchoes() throws {
        let origin = try OriginServer()
        let client = try ScriptedClient(visiting: PlainConnection(port: origin.port), host: "kit.test")
        #expect(client.isUpgraded)
        try client.send(RawFrame(.binary, Pattern.bytes(70_000)))
        #expect(try client.nextFrame() == RawFrame(.binary, Pattern.bytes(70_000)))
    }

    @Test
    func aHeldAnswerWaitsForItsRelease() throws {
        let origin = try OriginServer()
        let visitor = try PlainConnection(port: origin.port)
        try visitor.write("GET /held/1000 HTTP/1.1\r\nHost: kit.test\r\nConnection: close\r\n\r\n")
        _ = try visitor.readHead()
        #expect(try visitor.readExactly(500) == Pattern.bytes(500))
        origin.release()
        #expect(try visitor.readToEnd() == Pattern.bytes(500, from: 500))
    }

    @Test
    func aProcessThatDoesNotEndIsKilledAndItsOutputShown() throws {
        let child = try ChildProcess("sh", ["-c", "echo one; echo two >&2; exec cat"])
        try child.waitForErrorLine("two") { $0 == "two" }
        let failure = #expect(throws: JourneyFailure.self) { try child.waitForEnd(within: .milliseconds(1)) }
        #expect(failure?.description.contains("two") == true)
        #expect(try child.waitForEnd() == .killed(9))
        #expect(try FinishedProcess("sh", ["-c", "cat; exit 7"], input: [104, 105]).text == "hi")
        #expect(try FinishedProcess("sh", ["-c", "exit 7"]).status == .exited(7))
    }
}
