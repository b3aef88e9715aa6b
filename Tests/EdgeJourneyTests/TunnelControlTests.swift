import EdgeTestKit
import Testing

/// What clients ask inside the tunnel, answered word for word as their own servers did.
@Suite
struct TunnelControlTests {
    private static func connected(_ relay: RelayProcess, _ names: [String]) throws -> ScriptedClient {
        let client = try relay.client(.stunnel10, token: TestToken.granting(names))
        #expect(try client.nextPacket() == RawPacket(control: TunnelUpgradeTests.hello))
        return client
    }

    private static func ask(_ client: ScriptedClient, _ request: String) throws -> String {
        try client.send(RawPacket(control: request))
        let answer = try client.nextPacket()
        #expect(answer.fields == ["", "", "", "\(answer.body.count)", "control"])
        return answer.text
    }

    @Test
    func tokensComeAndGoAndTheirNamesWithThem() throws {
        let relay = try RelayProcess()
        let first = TestToken.granting(["app.example.test"])
        let second = TestToken.granting(["*.wild.example.test"])
        let client = try Self.connected(relay, ["app.example.test"])
        #expect(try Self.ask(client, "[11,\"add_token\",\"\(first)\"]") == "[-11,null]")
        #expect(try Curl(port: relay.port).get("http://a.wild.example.test/").head.status == 404)
        #expect(try Self.ask(client, "[12,\"add_token\",\"\(second)\"]") == "[-12,null]")

        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: a.wild.example.test\r\n\r\n")
        #expect(try client.nextPacket().service == "http")
        #expect(
            try Self.ask(client, "[13,\"delete_token\",\"\(second)\"]") == "[-13,null]"
                || Self.skipped(client) == "[-13,null]"
        )
        #expect(try visitor.readToEnd().isEmpty)
        #expect(try Curl(port: relay.port).get("http://a.wild.example.test/").head.status == 502)

        // The other name and the tunnel stay.
        let other = try relay.dial()
        try other.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let packet = try client.nextPacket { $0.service == "http" }
        try client.send(RawPacket(answering: packet, Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)))
        #expect(try other.readHead()?.hasPrefix("HTTP/1.1 204") == true)
    }

    /// The reply when the end of a closed stream came before it.
    private static func skipped(_ client: ScriptedClient) throws -> String {
        try client.nextPacket { $0.service == "control" }.text
    }

    @Test
    func refusalsAreWordedAsBefore() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay, ["app.example.test"])
        let bad = TestToken.granting(["x.example.test"], secret: "another")
        let invalid = "{\"message\":\"invalid access token\",\"code\":\"E_INVALID_TOKEN\"}"
        #expect(try Self.ask(client, "[21,\"add_token\",\"\(bad)\"]") == "[-21,\(invalid)]")
        let nameless = "{\"message\":\"invalid server name\",\"code\":\"E_INVALID_NAME\"}"
        #expect(
            try Self.ask(client, "[22,\"add_token\",\"\(TestToken.make("{\"domains\":[]}"))\"]") == "[-22,\(nameless)]"
        )
        let absent = "{\"message\":\"specified token not present\",\"code\":\"E_INVALID_TOKEN\"}"
        #expect(try Self.ask(client, "[23,\"delete_token\",\"\(bad)\"]") == "[-23,\(absent)]")
        let unknown = "{\"message\":\"unknown command \\\"dance\\\"\",\"code\":\"E_UNKNOWN_COMMAND\"}"
        #expect(try Self.ask(client, "[24,\"dance\",1]") == "[-24,\(unknown)]")
        #expect(try Self.ask(client, "{\"no\":\"list\"}").hasPrefix("[0,{\"message\":\"received bad command "))
        #expect(try Self.ask(client, "[\"x\"]").contains("E_BAD_COMMAND"))
    }

    @Test
    func allTokensMayGoAtOnceAndTheTunnelStays() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay, ["app.example.test"])
        #expect(try Self.ask(client, "[31,\"delete_token\",\"*\"]") == "[-31,null]")
        #expect(try Curl(port: relay.port).get("http://app.example.test/").head.status == 502)
        #expect(
            try Self.ask(client, "[32,\"add_token\",\"\(TestToken.granting(["b.example.test"]))\"]") == "[-32,null]"
        )
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: b.example.test\r\n\r\n")
        #expect(try client.nextPacket().service == "http")
    }

    @Test
    func aTokenMayComeAfterTheUpgrade() throws {
        let relay = try RelayProcess()
        let client = try relay.client(.telebit)
        #expect(try client.nextPacket() == RawPacket(control: TunnelUpgradeTests.hello))
        try client.send(RawPacket(control: "[-1,null]"))
        #expect(
            try Self.ask(client, "[41,\"add_token\",\"\(TestToken.granting(["app.example.test"]))\"]") == "[-41,null]"
        )
        let visitor = try relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        let packet = try client.nextPacket { $0.service != "control" }
        #expect(packet.fields.suffix(2) == ["\(relay.port)", "app.example.test"])
    }

    @Test
    func pingsAreAnsweredAndAControlPacketMayComeInPieces() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay, ["app.example.test"])
        try client.send(RawFrame(.ping, [1, 2, 3]))
        #expect(try client.nextFrame() == RawFrame(.pong, [1, 2, 3]))
        let bytes = RawPacket(control: "[51,\"delete_token\",\"*\"]").bytes
        for (index, byte) in bytes.enumerated() {
            let opcode: RawFrame.Opcode = index == 0 ? .binary : .continuation
            try client.send(RawFrame(opcode, [byte], isFinal: index == bytes.count - 1))
        }
        #expect(try client.nextPacket().text == "[-51,null]")
        // Header and body in two messages, as telebit.js sends them.
        let second = RawPacket(control: "[52,\"dance\"]")
        let head = second.bytes.count - second.body.count
        try client.send(RawFrame(.binary, Array(second.bytes[..<head])))
        try client.send(RawFrame(.binary, second.body))
        #expect(try client.nextPacket().text.hasPrefix("[-52,"))
    }

    @Test
    func aCloseIsAnsweredWithItsCode() throws {
        let relay = try RelayProcess()
        let client = try Self.connected(relay, ["app.example.test"])
        try client.send(RawFrame(.close, [0x03, 0xE8]))
        #expect(try client.closeCode() == 1000)
        #expect(try client.connection.readToEnd().isEmpty)
        try relay.waitForLog("the tunnel's end") { $0.message == "tunnel ended" }
    }
}
