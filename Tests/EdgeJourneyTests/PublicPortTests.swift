import EdgeTestKit
import FoundationEssentials
import Testing

/// Public TCP ports that tokens ask for: lent, served, kept and freed.
@Suite
struct PublicPortTests {
    private static let greeting = Array("220 mail.example.test ESMTP\r\n".utf8)

    private static func token(_ claims: String, secret: String = TestToken.secret) -> String {
        TestToken.make(claims, secret: secret)
    }

    /// A client of our own kind, with an identity where one is given.
    private static func client(
        _ relay: RelayProcess,
        _ token: String,
        instance: String? = nil
    ) throws -> ScriptedClient {
        let identity = instance.map { "RVPN-Instance: \($0)\r\n" } ?? ""
        return try ScriptedClient(
            relay.dial(),
            request: "GET / HTTP/1.1\r\nHost: tunnel.example.test\r\nUser-Agent: rvpn/0\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTMtMTc5NTQ3NTk4NjY5MA==\r\n"
                + "Authorization: Bearer \(token)\r\n\(identity)\r\n"
        )
    }

    /// The public port that a client is granted.
    private static func grantedPort(_ client: ScriptedClient) throws -> UInt16 {
        let grant = try client.nextPacket { $0.text.contains("\"grant\"") }.text
        let number = grant.components(separatedBy: "[\"tcp\",\"\",").dropFirst().first?.prefix { $0.isNumber }
        return try #require(number.flatMap { UInt16($0) }, "\(grant)")
    }

    private static func isOpen(_ port: UInt16) -> Bool { (try? PlainConnection(port: port)) != nil }

    private static func waitUntilClosed(_ port: UInt16) throws {
        let deadline = Deadline()
        while self.isOpen(port) { try #require(deadline.remaining > .zero, "port \(port) stays open") }
    }

    @Test
    func aServiceThatSpeaksFirstIsHeardByAVisitorWhoIsSilent() throws {
        let relay = try RelayProcess()
        let port = try LoopbackListener.quietPort()
        let client = try Self.client(relay, Self.token("{\"ports\":[\(port)]}"))
        #expect(try Self.grantedPort(client) == port)
        let visitor = try PlainConnection(port: port)
        let opened = try client.nextPacket()
        #expect(opened.service == "connection")
        #expect(Array(opened.fields.suffix(3)) == ["\(port)", "", "tcp"])
        #expect(opened.fields[2] == "\(visitor.localPort)")
        try client.send(RawPacket(answering: opened, service: "tcp", Self.greeting))
        #expect(try visitor.readExactly(Self.greeting.count) == Self.greeting)
        try visitor.write("QUIT\r\n")
        let spoken = try client.nextPacket()
        #expect(Array(spoken.fields.suffix(3)) == ["tcp", "\(port)", ""])
        #expect(spoken.text == "QUIT\r\n")
        try client.send(RawPacket(answering: opened, service: "end", []))
        #expect(try visitor.readToEnd().isEmpty)
        try relay.waitForLog("that the port is lent") {
            $0.message == "ports lent" && $0["stream_begins"] == "when the visitor connects"
        }
        try relay.stop()
    }

    @Test
    func nothingIsSniffedOnAPublicPort() throws {
        let relay = try RelayProcess()
        let port = try LoopbackListener.quietPort()
        let client = try Self.client(relay, Self.token("{\"ports\":[\"\(port)\"]}"))
        _ = try Self.grantedPort(client)
        for first in ["GET / HTTP/1.1\r\nHost: admin.example.test\r\n\r\n", "\u{16}\u{3}\u{1}"] {
            let visitor = try PlainConnection(port: port)
            try visitor.write(first)
            let packet = try client.nextPacket { $0.service == "tcp" }
            #expect(packet.text == first)
        }
    }

    @Test
    func aClientThatCannotBeToldOfASilentVisitorHearsOfThemWhenTheySpeak() throws {
        let relay = try RelayProcess()
        let port = try LoopbackListener.quietPort()
        let client = try relay.client(.telebitGo, token: Self.token("{\"ports\":[\(port)]}"))
        try relay.waitForLog("that the port is lent") {
            $0.message == "ports lent" && $0["stream_begins"] == "when the visitor first speaks"
        }
        let visitor = try PlainConnection(port: port)
        try visitor.write("hello")
        let packet = try client.nextPacket()
        #expect(Array(packet.fields[4...]) == ["tcp", "\(port)", ""])
        #expect(packet.text == "hello")
    }

    @Test
    func rangesAreOpenedAndShownAndADeletedTokenClosesThem() throws {
        let relay = try RelayProcess()
        let port = try LoopbackListener.quietPort(following: 1)
        let range = "\(port)-\(port + 1)"
        let named = Self.token("{\"domains\":[\"app.example.test\"]}")
        let client = try relay.client(.telebit)
        _ = try client.nextPacket()
        let token = Self.token("{\"ports\":[\"\(range)\"]}")
        for (id, token) in [(11, named), (12, token)] {
            try client.send(RawPacket(control: "[\(id),\"add_token\",\"\(token)\"]"))
            _ = try client.nextPacket { $0.text == "[-\(id),null]" }
        }
        let grant = try client.nextPacket { $0.text.contains("\"grant\"") && $0.text.contains("\"tcp\"") }
        #expect(grant.text.contains("[\"tcp\",\"app.example.test\",\(port)]"))
        #expect(grant.text.contains("[\"ssh+https\",\"app.example.test\",\(relay.port)]"))
        #expect(Self.isOpen(port))
        let visitor = try PlainConnection(port: port)
        try visitor.write("x")
        _ = try client.nextPacket { $0.service == "tcp" }
        try client.send(RawPacket(control: "[13,\"delete_token\",\"\(token)\"]"))
        _ = try client.nextPacket { $0.text == "[-13,null]" }
        #expect(try visitor.readToEnd().isEmpty)
        try Self.waitUntilClosed(port)
    }

    @Test
    func aPortThatCannotBeGivenRefusesTheUpgradeAndLeavesNothing() throws {
        let occupied = try EchoServer()
        var setup = RelaySetup()
        let other = "another secret, long enough to be a good one"
        setup.secrets = [TestToken.secret, other]
        setup.more = ["ports: { reserved: [25, 7000-7999], per_token: 2 }"]
        let relay = try RelayProcess(setup)
        let port = try LoopbackListener.quietPort()
        func refused(_ claims: String, secret: String = TestToken.secret) throws -> (status: Int?, text: String) {
            let client = try Self.client(relay, Self.token(claims, secret: secret))
            return (client.answer.head.status, client.answer.text)
        }
        let reserved = try refused("{\"ports\":[\(port),7001]}")
        #expect(reserved.status == 403)
        #expect(reserved.text.contains("E_INVALID_PORT") && reserved.text.contains("port_refused"))
        let many = try refused("{\"ports\":[\"\(port)\",\"20000-20001\"]}")
        #expect(many.status == 403)
        let used = try refused("{\"domains\":[\"app.example.test\"],\"ports\":[\(port),\(occupied.port)]}")
        #expect(used.status == 409)
        #expect(used.text.contains("E_PORT_TAKEN") && used.text.contains("\(occupied.port)"))
        let own = try refused("{\"ports\":[\(relay.port)]}")
        #expect(own.status == 403)
        let low = try refused("{\"ports\":[443]}")
        #expect(low.status == 403 && low.text.contains("E_INVALID_PORT") && low.text.contains("443"))
        try Self.waitUntilClosed(port)
        #expect(try Curl(port: relay.port).get("http://app.example.test/").head.status == 404)

        let holder = try Self.client(relay, Self.token("{\"ports\":[\(port)]}"))
        #expect(holder.isUpgraded)
        let taken = try refused("{\"ports\":[\(port)]}", secret: other)
        #expect(taken.status == 409)
        #expect(taken.text.contains("port_taken"))
        try relay.stop()
    }

    @Test
    func aPortOfThePoolComesBackToItsIdentity() throws {
        var setup = RelaySetup()
        setup.more = ["ports: { pool: 30100-30899 }"]
        let relay = try RelayProcess(setup)
        let token = Self.token("{\"tcp\":true}")
        let first = try Self.client(relay, token, instance: "phone")
        let port = try Self.grantedPort(first)
        #expect((30_100...30_899).contains(port))
        // Its ghost is still there.
        let second = try Self.client(relay, token, instance: "phone")
        #expect(try Self.grantedPort(second) == port)
        #expect(try first.closeCode() == 1008)
        let stranger = try Self.client(relay, token, instance: "tablet")
        #expect(try Self.grantedPort(stranger) != port)
        let ended = relay.logLength
        second.connection.close()
        try relay.waitForLog("its end", from: ended) { $0.message == "tunnel ended" }
        let third = try Self.client(relay, token, instance: "phone")
        #expect(try Self.grantedPort(third) == port)
        let visitor = try PlainConnection(port: port)
        #expect(try third.nextPacket().fields[2] == "\(visitor.localPort)")
    }

    @Test
    func aPortWhoseClientStaysAwayIsFreedAfterTheGrace() throws {
        var setup = RelaySetup()
        setup.timeouts = ["grace": "200ms"]
        let relay = try RelayProcess(setup)
        let port = try LoopbackListener.quietPort()
        let client = try Self.client(relay, Self.token("{\"ports\":[\(port)]}"))
        _ = try Self.grantedPort(client)
        client.connection.close()
        try relay.waitForLog("that the port is free") { $0.message == "ports freed" && $0["ports"] == "\(port)" }
        // The acceptor serves what is in its backlog first.
        let deadline = Deadline()
        while Self.isOpen(port) { try #require(deadline.remaining > .zero, "port \(port) stays open") }
        #expect(try Self.client(relay, Self.token("{\"ports\":[\(port)]}")).isUpgraded)
        try relay.stop()
    }

    @Test
    func aVisitorOfAPortWhoseClientIsAwayIsClosedAtOnce() throws {
        let relay = try RelayProcess()
        let port = try LoopbackListener.quietPort()
        let client = try Self.client(relay, Self.token("{\"ports\":[\(port)]}"))
        _ = try Self.grantedPort(client)
        client.connection.close()
        try relay.waitForLog("its end") { $0.message == "tunnel ended" }
        let visitor = try PlainConnection(port: port)
        #expect(try visitor.readToEnd().isEmpty)
        try relay.waitForReason("tunnel_away")
    }
}
