import EdgeTestKit
import Testing

/// The traps of the older clients that a relay has to work around, with the bytes that spring them.
@Suite
struct ClientTrapTests {
    private static let name = "app.example.test"

    /// The first generation of each shape that needs the gate.
    private static let gated: [ClientGeneration] = [.s08, .s10, .tbjs]

    /// A relay whose gates open by an answer alone.
    private static func patientRelay(_ more: [String: String] = [:]) throws -> RelayProcess {
        var setup = RelaySetup()
        setup.timeouts = ["gate": "60s"].merging(more) { $1 }
        return try RelayProcess(setup)
    }

    private static func connected(
        _ generation: ClientGeneration,
        _ relay: RelayProcess,
        isPatient: Bool = true
    ) throws -> ScriptedClient {
        let token = TestToken.granting([Self.name])
        let gate: ProfileJudge.Gate = isPatient ? .untilAnswered : .timed
        let client = try relay.client(generation.shape, token: token, gate: gate)
        switch generation {
        case .s08: try client.send(RawPacket(header: ",,,1,error", body: [0]))
        case .s10, .tb19, .tbjs:
            try client.send(RawPacket(control: "[5,\"add_token\",\"\(token)\"]"))
            try client.send(RawPacket(control: "[-1,null]"))
            _ = try client.nextPacket { $0.text == "[-5,null]" }
        case .own: try client.send(RawPacket(control: "[-1,null]"))
        case .tbgo, .rvpn: break
        }
        return client
    }

    private static func opening(_ client: ScriptedClient) throws -> RawPacket {
        try client.nextPacket { $0.service == "http" }
    }

    @Test(arguments: Self.gated)
    func nothingOvertakesTheFirstPacket(generation: ClientGeneration) throws {
        let relay = try Self.patientRelay()
        let client = try Self.connected(generation, relay)
        let visitor = try relay.dial()
        try visitor.write("POST / HTTP/1.1\r\nHost: \(Self.name)\r\nContent-Length: 11\r\n\r\n")
        let first = try Self.opening(client)
        for word in ["SECOND", "THIRD"] {
            try visitor.write(word)
            // The gate opens by an answer alone, however long this takes.
            #expect(try client.synchronize().isEmpty)
        }
        try client.send(RawPacket(answering: first, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)))
        var rest = ""
        while rest.count < 11 { rest += try client.nextPacket { $0.stream == first.stream }.text }
        #expect(rest == "SECONDTHIRD")
    }

    @Test(arguments: Self.gated)
    func anEndOrAResetBehindTheFirstPacketWaitsForTheGate(generation: ClientGeneration) throws {
        let relay = try Self.patientRelay()
        let client = try Self.connected(generation, relay)
        let resetting = try relay.dial()
        try resetting.write("GET /1 HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        let first = try Self.opening(client)
        let ending = try relay.dial()
        try ending.write("GET /2 HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
        let second = try Self.opening(client)
        resetting.reset()
        ending.finishWriting()
        #expect(try client.synchronize().isEmpty)
        for packet in [first, second] {
            try client.send(RawPacket(answering: packet, Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)))
        }
        let told = try client.nextPacket()
        #expect(told.stream == first.stream && ["end", "error"].contains(told.service))
        #expect(try HTTPAnswer(from: ending).text == "ok", "a visitor that ended its half still gets the answer")
        try client.send(RawPacket(answering: second, service: "end", [0x20]))
        #expect(try ending.readToEnd().isEmpty)
    }

    @Test(arguments: ClientGeneration.allCases)
    func nothingIsSentOnAStreamThatTheClientEnded(generation: ClientGeneration) throws {
        for word in ["end", "error"] where generation != .own || word == "error" {
            let relay = try Self.patientRelay()
            let client = try Self.connected(generation, relay)
            let visitor = try relay.dial()
            try visitor.write("GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
            let packet = try Self.opening(client)
            try client.send(RawPacket(answering: packet, Array("HTTP/1.1 200 OK\r\n\r\n".utf8)))
            _ = try visitor.readHead()
            try client.send(RawPacket(answering: packet, service: word, [0x20]))
            try client.synchronize()
            // The visitor has not noticed yet, and goes on.
            try? visitor.write(Pattern.bytes(100_000))
            let other = try relay.dial()
            try other.write("GET /other HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
            let next = try Self.opening(client)
            #expect(next.stream != packet.stream)
            #expect(try client.synchronize().isEmpty, "\(word): a stray packet opens a new local connection")
            for gone in [visitor, other] { gone.close() }
        }
    }

    @Test(arguments: ClientGeneration.allCases)
    func aVisitorThatLeavesIsToldAsTheClientCanBear(generation: ClientGeneration) throws {
        let relay = try Self.patientRelay()
        let client = try Self.connected(generation, relay)
        for isReset in [false, true] {
            let visitor = try relay.dial()
            try visitor.write("GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n")
            let packet = try Self.opening(client)
            try client.send(RawPacket(answering: packet, Array("HTTP/1.1 200 OK\r\n\r\n".utf8)))
            _ = try visitor.readHead()
            if isReset { visitor.reset() } else { visitor.close() }
            // What goes to a socket that is closed comes back as a reset.
            if !isReset { try client.send(RawPacket(answering: packet, Pattern.bytes(100_000))) }
            let told = try client.nextPacket { $0.stream == packet.stream && ["end", "error"].contains($0.service) }
            #expect(told.body.count == ([.s08, .s10].contains(generation) ? 1 : 0))
            // The Go client of telebit answers with an end about nothing.
            if generation == .tbgo { try client.send(RawPacket(header: ",,0,0,end,0,,\n", body: [])) }
            try client.send(RawPacket(answering: packet, service: "end", [0x20]))
        }
        try client.synchronize()
        try RelayTables.wait(for: relay, "let go of the streams") { $0.streams == 0 && $0.connections.count == 1 }
    }

    @Test(arguments: ClientGeneration.allCases)
    func aKeyInUseOrInQuarantineIsNotUsedTwice(generation: ClientGeneration) throws {
        var setup = RelaySetup()
        setup.listeners = ["\"127.0.0.1:0\"", "\"127.0.0.1:0\""]
        setup.timeouts = ["gate": "60s", "quarantine": "60s"]
        let relay = try RelayProcess(setup)
        let client = try Self.connected(generation, relay)
        let request = "GET / HTTP/1.1\r\nHost: \(Self.name)\r\n\r\n"
        let port = try LoopbackListener.freePort()
        let first = try PlainConnection(port: relay.port, from: port)
        try first.write(request)
        let packet = try Self.opening(client)
        #expect(packet.fields[2] == "\(port)")
        // The same port of the visitor's machine, at the other listener.
        let twin = try PlainConnection(port: relay.ports[1], from: port)
        try twin.write(request)
        let other = try Self.opening(client)
        #expect(other.stream != packet.stream)
        for (visitor, opening, text) in [(first, packet, "one"), (twin, other, "two")] {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(text)"
            try client.send(RawPacket(answering: opening, Array(head.utf8)))
            #expect(try HTTPAnswer(from: visitor).text == text)
        }
        // The same port again at once: the client has not let go of the first stream.
        first.reset()
        _ = try client.nextPacket { $0.stream == packet.stream && ["end", "error"].contains($0.service) }
        let again = try PlainConnection(port: relay.port, from: port)
        try again.write(request)
        #expect(try Self.opening(client).stream != packet.stream)
        again.reset()
        // Once it has, the key is free.
        try client.send(RawPacket(answering: packet, service: "end", [0x20]))
        try client.synchronize()
        let last = try PlainConnection(port: relay.port, from: port)
        try last.write(request)
        #expect(try Self.opening(client).stream == packet.stream)
    }

    @Test(arguments: [ClientGeneration.s10, .tb19, .own])
    func tokensAreToldApartAlthoughAClientLosesTrackOfThem(generation: ClientGeneration) throws {
        let relay = try Self.patientRelay()
        let client = try Self.connected(generation, relay)
        // stunnel.js forgets all tokens behind the one that it deletes, and adds them again.
        let tokens = ["b", "c"].map { TestToken.granting(["\($0).example.test"]) }
        var id = 100
        func ask(_ command: String, _ token: String) throws {
            id += 1
            try client.send(RawPacket(control: "[\(id),\"\(command)\",\"\(token)\"]"))
            #expect(try client.nextPacket { $0.text.hasPrefix("[-") }.text == "[-\(id),null]", "\(command)")
        }
        try ask("add_token", TestToken.granting([Self.name]))
        for token in tokens { try ask("add_token", token) }
        try ask("delete_token", tokens[0])
        for token in tokens { try ask("add_token", token) }
        try ask("add_token", tokens[1])
        try ask("delete_token", tokens[0])
        for name in [Self.name, "c.example.test"] {
            let visitor = try relay.dial()
            try visitor.write("GET / HTTP/1.1\r\nHost: \(name)\r\n\r\n")
            #expect(HTTPHead(try Self.opening(client).text)["Host"] == [name])
        }
        #expect(try Curl(port: relay.port).get("http://b.example.test/").head.status == 502)
    }

    @Test
    func ourOwnStreamsEndOneDirectionAtATime() throws {
        let relay = try Self.patientRelay()
        let client = try Self.connected(.own, relay)
        let visitor = try relay.dial()
        try visitor.write("POST / HTTP/1.1\r\nHost: \(Self.name)\r\nConnection: close\r\n\r\n")
        let packet = try Self.opening(client)
        // The service ends first: the visitor sees the end and may still speak.
        try client.send(RawPacket(answering: packet, Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall".utf8)))
        try client.send(RawPacket(answering: packet, service: "end", []))
        #expect(try HTTPAnswer(from: visitor).text == "all")
        try visitor.write("more")
        #expect(try client.nextPacket { $0.stream == packet.stream }.text == "more")
        visitor.finishWriting()
        #expect(try client.nextPacket { $0.stream == packet.stream }.service == "end")
        visitor.close()
        try RelayTables.wait(for: relay, "let go of the stream") { $0.streams == 0 && $0.connections.count == 1 }
    }
}
