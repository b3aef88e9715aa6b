import EdgeTestKit
import Testing

/// How tunnel clients of every generation are let in, or not.
@Suite
struct TunnelUpgradeTests {
    /// What the greeting says, byte for byte.
    static let hello = "[1,\"hello\",[1],[\"add_token\",\"delete_token\"]]"

    @Test(arguments: [ScriptedClient.Shape.stunnel08, .stunnel10, .telebit])
    func olderClientsAreGreetedAsByTheirOwnServers(shape: ScriptedClient.Shape) throws {
        let relay = try RelayProcess()
        let client = try relay.client(shape, token: TestToken.granting(["app.example.test"]))
        #expect(client.isUpgraded)
        #expect(client.answer.head["Sec-WebSocket-Accept"] == [RawFrame.accept("MTMtMTc5NTQ3NTk4NjY5MA==")])
        #expect(client.answer.head["Sec-WebSocket-Extensions"].isEmpty)
        #expect(try client.nextPacket() == RawPacket(control: Self.hello))
    }

    @Test(arguments: [ScriptedClient.Shape.telebitGo, .goClient])
    func goClientsAreNotGreetedAsTheyWouldLeave(shape: ScriptedClient.Shape) throws {
        let relay = try RelayProcess()
        let client = try relay.client(shape, token: TestToken.granting(["app.example.test"]))
        #expect(client.isUpgraded)
        let visitor = try relay.dial()
        let request = "GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n"
        try visitor.write(request)
        let packet = try client.nextPacket()
        #expect(packet.text == request)
        #expect(packet.fields.count == (shape == .goClient ? 5 : 7))
        #expect(
            packet.fields.prefix(5) == ["IPv4", "127.0.0.1", "\(visitor.localPort)", "\(request.utf8.count)", "http"]
        )
        if shape == .telebitGo { #expect(packet.fields.suffix(2) == ["\(relay.port)", "app.example.test"]) }
    }

    @Test
    func ourOwnClientIsGreetedAndToldItsGrants() throws {
        let relay = try RelayProcess()
        let client = try relay.client(.agent, token: TestToken.granting(["app.example.test"]))
        #expect(client.isUpgraded)
        let hello = try client.nextPacket()
        #expect(hello.text.hasPrefix("[1,\"hello\","))
        let grant = try client.nextPacket()
        #expect(grant.text.contains("\"grant\",[[\"https\",\"app.example.test\","))
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let opening = try client.nextPacket()
        #expect(opening.fields.count == 8)
        #expect(opening.service == "connection")
        #expect(opening.fields[7] == "http")
        #expect(try client.nextPacket().stream == opening.stream)
    }

    @Test(arguments: [ScriptedClient.Shape.stunnel08, .stunnel10, .telebitGo, .goClient, .agent])
    func aBadTokenIsRefusedBeforeTheUpgrade(shape: ScriptedClient.Shape) throws {
        let relay = try RelayProcess()
        let client = try relay.client(shape, token: TestToken.granting(["app.example.test"], secret: "another"))
        #expect(client.answer.head.status == 401)
        #expect(client.answer.text.contains("bad_token"))
        #expect(try client.connection.readToEnd().isEmpty)
        try relay.waitForReason("bad_token")
    }

    @Test
    func anExpiredTokenIsRefused() throws {
        let relay = try RelayProcess()
        let token = TestToken.make("{\"domains\":[\"app.example.test\"],\"exp\":1000000000}")
        #expect(try relay.client(.stunnel08, token: token).answer.head.status == 401)
        try relay.waitForReason("token_expired")
    }

    @Test(arguments: ["{}", "{\"domains\":[]}", "{\"domains\":null}"])
    func aTokenThatGrantsNothingIsRefused(claims: String) throws {
        let relay = try RelayProcess()
        #expect(try relay.client(.stunnel08, token: TestToken.make(claims)).answer.head.status == 403)
        try relay.waitForReason("nothing_granted")
    }

    @Test
    func aNameThatAnotherSecretHoldsIsTaken() throws {
        var setup = RelaySetup()
        let other = String(repeating: "xyz789", count: 6)
        setup.secrets.append(other)
        let relay = try RelayProcess(setup)
        let holder = try relay.client(.stunnel08, token: TestToken.granting(["app.example.test"]))
        #expect(holder.isUpgraded)
        let thief = try relay.client(.stunnel08, token: TestToken.granting(["app.example.test"], secret: other))
        #expect(thief.answer.head.status == 409)
        try relay.waitForReason("name_taken")
        let member = try relay.client(.stunnel10, token: TestToken.granting(["app.example.test"]))
        #expect(member.isUpgraded)
    }

    @Test
    func whatIsNoUpgradeGets426() throws {
        let relay = try RelayProcess()
        let answer = try Curl(port: relay.port).get("https://tunnel.example.test/")
        #expect(answer.head.status == 426)
        #expect(answer.head["Upgrade"] == ["websocket"])
        try relay.waitForReason("not_an_upgrade")
    }

    @Test
    func aClientThatShowsNoTokenIsClosedInTime() throws {
        var setup = RelaySetup()
        setup.timeouts = ["authenticate": "300ms"]
        let relay = try RelayProcess(setup)
        let client = try relay.client(.telebit)
        #expect(client.isUpgraded)
        #expect(try client.nextPacket() == RawPacket(control: Self.hello))
        #expect(try client.nextPacket().text.hasPrefix("[0,{\"message\":"))
        #expect(try client.closeCode() == 1008)
        try relay.waitForReason("authenticate_timeout")
    }

    @Test
    func aTunnelWithoutTLSNeedsTheOperatorsWord() throws {
        var setup = RelaySetup()
        setup.acceptsPlainTunnels = false
        let relay = try RelayProcess(setup)
        let token = TestToken.granting(["app.example.test"])
        #expect(try !relay.client(.stunnel08, token: token).isUpgraded)
        let secure = try SecureConnection(dialling: relay.dial(), name: "tunnel.example.test", authority: nil)
        #expect(try ScriptedClient(secure, .stunnel08, host: "tunnel.example.test", token: token).isUpgraded)
    }

    @Test
    func severalTunnelsOfAnOldClientTakeTurns() throws {
        let relay = try RelayProcess()
        let token = TestToken.granting(["app.example.test"])
        let clients = try (0..<3).map { _ in try relay.client(.goClient, token: token) }
        var visitors: [PlainConnection] = []
        for _ in 0..<6 {
            let visitor = try relay.dial()
            try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
            visitors.append(visitor)
        }
        for client in clients { for _ in 0..<2 { #expect(try client.nextPacket().service == "http") } }
    }
}
