import EdgeTestKit
import Testing

/// Clients whose headers lie.
extension HostileClientTests {
    /// Headers with the lie in them, and the codes that a tunnel may be closed with for it.
    static let lies: [(header: String, codes: Set<Int>)] = [
        ("IPv4,203.0.113.9,60000,1000000000,http", [1008, 1009]),
        ("IPv4,203.0.113.9,60000,9223372036854775807,http", [1008, 1009]),
        ("IPv4,203.0.113.9,60000,9223372036854775808,http", [1008, 1009]),
        ("IPv4,203.0.113.9,60000,18446744073709551617,end", [1008, 1009]),
        ("IPv4,203.0.113.9,60000,-1,http", [1008]),
        ("IPv4,203.0.113.9,60000,+5,http", [1008]),
        ("IPv4,203.0.113.9,60000,0x10,http", [1008]),
        (",,,1000000000,control", [1008, 1009]),
        (String(repeating: ",", count: 255), [1008]),
        (String(repeating: "9", count: 255), [1008]),
        ("", [1008]),
    ]

    /// Each lie in each dialect, while an answer is under way to a visitor of somebody else.
    @Test
    func aClientThatLiesAboutLengthsLosesItsTunnelAndNothingElseIsHarmed() throws {
        let site = try Self.site()
        let witness = try site.peer(.own, [Self.healthy])
        let before = try RelayTables(of: site.relay)
        let held = try site.relay.dial()
        try held.write("GET /held/20000 HTTP/1.1\r\nHost: \(Self.healthy)\r\n\r\n")
        _ = try held.readHead()
        _ = try held.readExactly(10_000)
        for shape in [ScriptedClient.Shape.stunnel10, .telebit, .telebitGo, .goClient, .agent] {
            for (header, codes) in Self.lies {
                let client = try site.relay.client(shape, token: TestToken.granting([Self.name]))
                #expect(client.isUpgraded)
                // The bytes behind the header are those of the next packet, or of the body that was promised.
                try client.connection.write(
                    RawFrame(.binary, RawPacket(header: header, body: Pattern.bytes(2000)).bytes).bytes(isMasked: true)
                )
                let code = try client.closeCode()
                #expect(code.map { codes.contains($0) } == true, "\(shape), \(header): \(code ?? 0)")
                client.connection.close()
            }
        }
        site.plain.release()
        #expect(try held.readExactly(10_000) == Pattern.bytes(10_000, from: 10_000))
        held.close()
        try RelayTables.wait(for: site.relay, "let go of every liar") {
            $0.profiles == ["own"] && $0.streams == 0 && $0.connections.count == 1
                && $0.memory < before.memory + Self.settled && $0.descriptors <= before.descriptors
        }
        try witness.check()
        witness.drop()
        try site.relay.stop()
    }
}
