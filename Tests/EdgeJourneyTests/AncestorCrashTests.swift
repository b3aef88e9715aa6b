import EdgeTestKit
import Testing

/// What ended the older servers and clients, sent to the relay: it goes on, and so does everybody else.
@Suite
struct AncestorCrashTests {
    private static let healthy = "healthy.example.test"
    /// Plays a crash through one generation's tunnel with a visitor on it.
    ///
    /// The name is for this once: a tunnel before it may not have been missed yet, and would get the visitor.
    private static func play(
        _ crash: AncestorCrash,
        _ generation: ClientGeneration,
        _ relay: RelayProcess,
        name: String
    ) throws {
        let client = try relay.client(generation.shape, token: TestToken.granting([name]), gate: .untilAnswered)
        if generation.shape == .telebit {
            try client.send(RawPacket(control: "[5,\"add_token\",\"\(TestToken.granting([name]))\"]"))
            _ = try client.nextPacket { $0.text == "[-5,null]" }
        }
        let visitor = try relay.dial()
        defer {
            visitor.close()
            client.connection.close()
        }
        try visitor.write("GET / HTTP/1.1\r\nHost: \(name)\r\n\r\n")
        let opening = try client.nextPacket { $0.service == "http" }
        try client.send(RawPacket(answering: opening, Array("HTTP/1.1 200 OK\r\n\r\n".utf8)))
        _ = try visitor.readHead()
        for frame in crash.frames(opening) { try client.send(frame) }
        switch crash.outcome {
        case .goesOn(let text):
            try client.send(RawPacket(answering: opening, Array("!".utf8)))
            #expect(try visitor.readExactly(text.utf8.count + 1) == Array("\(text)!".utf8))
            try client.synchronize()
            try client.send(RawPacket(answering: opening, service: "end", [0x20]))
            #expect(try visitor.readToEnd().isEmpty)
        case .endsStream:
            // A reset, or nothing more: the head was sent before.
            if let rest = try? visitor.readToEnd() { #expect(rest.isEmpty) }
            #expect(try client.synchronize().allSatisfy { $0.stream != opening.stream })
        case .closes(let codes):
            let code = try client.closeCode()
            #expect(code.map { codes.contains($0) } == true, "closed with \(code ?? 0)")
            #expect(try client.connection.readToEnd().isEmpty)
            _ = try? visitor.readToEnd()
        }
    }

    @Test(arguments: ClientGeneration.allCases)
    func whatEndedAnAncestorEndsAtMostItsOwnTunnel(generation: ClientGeneration) throws {
        let site = try ProfileSite([Self.healthy])
        let peer = try site.peer(.own, [Self.healthy])
        let witness = ProfileVisitor(relay: site.relay, name: Self.healthy)
        let held = try site.relay.dial()
        try held.write("GET /held/200000 HTTP/1.1\r\nHost: \(Self.healthy)\r\n\r\n")
        _ = try held.readHead()
        _ = try held.readExactly(100_000)
        let crashes = AncestorCrash.cuts + AncestorCrash.headers + AncestorCrash.breaches
        for (index, crash) in crashes.enumerated() {
            do {
                try Self.play(crash, generation, site.relay, name: "bad\(index).example.test")
                try witness.get(100)
            } catch {
                Issue.record("\(crash.name): \(error)")
            }
        }
        site.plain.release()
        #expect(try held.readExactly(100_000) == Pattern.bytes(100_000, from: 100_000))
        held.close()
        try peer.check()
        peer.drop()
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }

    @Test
    func tokensThatEndedAnAncestorAreRefused() throws {
        let relay = try RelayProcess()
        let telebit = try relay.client(.telebit)
        let claims = [
            "{\"domains\":[5]}", "{\"domains\":[null]}", "{\"domains\":\"app.example.test\"}", "{\"domains\":{}}",
            "{\"domains\":[[\"app.example.test\"]]}", "{\"domains\":null}", "{\"domains\":[\"\"]}", "[]", "null", "5",
            "{", "{\"domains\":[\"app.example.test\",5]}", "{\"name\":5}",
        ]
        for text in claims {
            let token = TestToken.make(text)
            for generation in ClientGeneration.allCases where generation.shape != .telebit {
                let answer = try relay.client(generation.shape, token: token).answer
                #expect([401, 403].contains(answer.head.status), "\(generation) with \(text)")
            }
        }
        let token = TestToken.make("{\"domains\":[5]}")
        try telebit.send(RawPacket(control: "[5,\"add_token\",\"\(token)\"]"))
        let reply = try telebit.nextPacket { $0.text.hasPrefix("[-5,{") }
        #expect(reply.text.contains("\"code\":\"E_INVALID_"))
        #expect(try relay.client(.stunnel08, token: TestToken.granting(["app.example.test"])).isUpgraded)
        try relay.stop()
    }

    @Test(arguments: ClientGeneration.allCases)
    func aHelloCutAnywhereReachesItsServiceWhole(generation: ClientGeneration) throws {
        let name = "cut.example.test"
        let site = try ProfileSite([name])
        let peer = try site.peer(generation, [name])
        // Left in the middle of the hello, at every byte of its beginning.
        for count in 1...80 {
            let leaver = try site.relay.dial()
            let hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + Pattern.bytes(200)
            try leaver.write(Array(hello.prefix(count)))
            if count % 2 == 0 { leaver.reset() } else { leaver.close() }
        }
        let dripping = DrippingConnection(try site.relay.dial())
        let secure = try SecureConnection(dialling: dripping, name: name, authority: nil)
        try secure.write("GET /1000 HTTP/1.1\r\nHost: \(name)\r\n\r\n")
        #expect(try HTTPAnswer(from: secure).body == Pattern.bytes(1000))
        secure.close()
        try peer.check()
        peer.drop()
        try site.relay.stop()
    }

    @Test(arguments: ClientGeneration.allCases)
    func aTunnelThatDropsInMidFlowEndsItsVisitorsOnly(generation: ClientGeneration) throws {
        let (name, other) = ("drop.example.test", "stay.example.test")
        let site = try ProfileSite([name])
        let staying = try site.peer(.own, [other])
        let going = try site.peer(generation, [name])
        let visitors = try (0..<5).map { _ in try site.relay.dial() }
        for visitor in visitors {
            try visitor.write("GET /held/2000000 HTTP/1.1\r\nHost: \(name)\r\n\r\n")
            _ = try visitor.readHead()
        }
        going.drop()
        for visitor in visitors {
            let rest = (try? visitor.readToEnd()) ?? []
            #expect(rest.count < 2_000_000)
            visitor.close()
        }
        try ProfileVisitor(relay: site.relay, name: other).get(1000)
        try going.check()
        try staying.check()
        staying.drop()
        try RelayTables.wait(for: site.relay, "let go of all") { $0.areEmpty }
        try site.relay.stop()
    }
}

/// A connection that writes each byte by itself.
private final class DrippingConnection: ByteConnection {
    private let connection: PlainConnection

    init(_ connection: PlainConnection) {
        self.connection = connection
    }

    func read(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        try self.connection.read(count, by: deadline)
    }

    func write(_ bytes: [UInt8], by deadline: Deadline) throws {
        for byte in bytes { try self.connection.write([byte], by: deadline) }
    }

    func finishWriting() { self.connection.finishWriting() }

    func close() { self.connection.close() }
}
