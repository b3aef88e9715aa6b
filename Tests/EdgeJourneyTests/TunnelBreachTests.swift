import EdgeTestKit
import Testing

/// A client that breaks the protocol loses its tunnel, and nobody else anything.
@Suite
struct TunnelBreachTests {
    /// What a client sends, and what the log says about it.
    struct Breach: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let reason: String
        let codes: Set<Int>
    }

    static let breaches = [
        Breach("a reserved bit", [0xC2, 0x80, 0, 0, 0, 0], "websocket_violation", [1002]),
        Breach("a reserved opcode", [0x83, 0x80, 0, 0, 0, 0], "websocket_violation", [1002]),
        Breach("no mask", [0x82, 0x01, 0xFE], "websocket_violation", [1002]),
        Breach("a long ping", [0x89, 0xFE, 0, 126] + Array(repeating: 0, count: 130), "websocket_violation", [1002]),
        Breach("a continuation of nothing", [0x80, 0x80, 0, 0, 0, 0], "websocket_violation", [1002]),
        Breach("a frame of 1 GiB", [0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0], "websocket_violation", [1009]),
        Breach("another version", packet: [0xFD, 0x01, 0x2C], "tunnel_violation", [1002, 1007, 1008]),
        Breach("three fields", packet: [0xFE, 0x05] + Array("a,b,c".utf8), "tunnel_violation", [1002, 1007, 1008]),
        Breach(
            "no length",
            packet: [0xFE, 20] + Array("IPv4,1.1.1.1,1,x,htt".utf8),
            "tunnel_violation",
            [1002, 1007, 1008]
        ),
        Breach(
            "a body of 100 TB",
            packet: [0xFE, 32] + Array("IPv4,1.1.1.1,1,99999999999999,ht".utf8),
            "tunnel_violation",
            [1002, 1008, 1009]
        ),
    ]

    @Test(arguments: Self.breaches)
    func aBreachClosesItsTunnelAndNoOther(breach: Breach) throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/200000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(100_000)

        let client = try site.relay.client(.stunnel08, token: TestToken.granting(["bad.example.test"]))
        _ = try client.nextPacket()
        let first = site.relay.logLength
        try client.connection.write(breach.bytes)
        let code = try client.closeCode()
        #expect(code.map { breach.codes.contains($0) } == true, "closed with \(code ?? 0)")
        #expect(try client.connection.readToEnd().isEmpty)
        try site.relay.waitForReason(breach.reason, from: first)

        site.origin.release()
        #expect(try visitor.readExactly(100_000) == Pattern.bytes(100_000, from: 100_000))
        #expect(try site.curl.get("http://app.example.test/9").body == Pattern.bytes(9))
        try site.stop()
    }

    @Test
    func aTunnelThatVanishesTakesItsVisitorsAlong() throws {
        let relay = try RelayProcess()
        let connection = try relay.dial()
        let client = try ScriptedClient(
            connection,
            .stunnel08,
            host: "tunnel.example.test",
            token: TestToken.granting(["app.example.test"])
        )
        _ = try client.nextPacket()
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try client.nextPacket()
        connection.reset()
        let rest = try? visitor.readToEnd()
        #expect(rest == nil || rest?.isEmpty == true || rest?.starts(with: Array("HTTP/1.1 502".utf8)) == true)
        try relay.waitForLog("the tunnel's end") { $0.message == "tunnel ended" }
        #expect(try Curl(port: relay.port).get("http://app.example.test/").head.status == 502)
    }

    @Test
    func aSilentTunnelIsClosed() throws {
        var setup = RelaySetup()
        setup.timeouts = ["ping": "200ms", "pong": "300ms"]
        let relay = try RelayProcess(setup)
        let client = try relay.client(.stunnel08, token: TestToken.granting(["app.example.test"]))
        // Pings are read and not answered.
        while let frame = try RawFrame.read(from: client.connection) { if frame.opcode == .close { break } }
        try relay.waitForReason("ping_timeout")
    }
}

extension TunnelBreachTests.Breach {
    fileprivate init(_ description: String, _ bytes: [UInt8], _ reason: String, _ codes: Set<Int>) {
        (self.testDescription, self.bytes, self.reason, self.codes) = (description, bytes, reason, codes)
    }

    fileprivate init(_ description: String, packet: [UInt8], _ reason: String, _ codes: Set<Int>) {
        self.init(description, RawFrame(.binary, packet).bytes(isMasked: true), reason, codes)
    }
}
