import EdgeTestKit
import Testing

/// Plays a recording against a relay: the client's side as it was, and the visitors whose bytes it saw.
///
/// Where the relay does something else than the recorded server did, the difference is written down.
struct TranscriptReplay {
    /// A visitor whose stream the recording knows by another key.
    struct Visitor {
        let connection: PlainConnection
        /// The first packet of the stream as it was recorded.
        let recorded: RawPacket
        /// The first packet of the stream as our relay sent it.
        let opening: RawPacket
        var hasClientEnded = false
        var hasLeft = false
    }

    /// Whose client is played.
    let generation: ClientGeneration
    let relay: RelayProcess
    let client: ScriptedClient
    /// The public port of the client's token, where the recording has a visitor on one.
    let publicPort: UInt16
    var visitors: [String: Visitor] = [:]
    /// What came before its turn.
    var waiting: [RawPacket] = []
    /// Whether the tunnel has ended as it must.
    var isOver = false
    /// What the relay did otherwise.
    var differences: Set<TranscriptDifference> = []

    /// Plays the first WebSocket of a recording, to its end.
    ///
    /// - Parameters:
    ///   - transcript: the recording.
    ///   - relay: a relay for its names.
    /// - Throws: ``JourneyFailure`` where the relay does not go on as the recording does.
    init(_ transcript: Transcript, on relay: RelayProcess) throws {
        self.generation = try Self.generation(of: transcript)
        self.relay = relay
        self.publicPort = try LoopbackListener.quietPort()
        if let request = transcript.request {
            self.client = try ScriptedClient(relay.dial(), request: request)
            self.judgeAnswer(transcript)
        } else {
            let token = Self.token(self.generation, publicPort: self.publicPort)
            self.client = try relay.client(self.generation.shape, token: token, host: "localhost")
            try #require(self.client.isUpgraded, "\(self.client.answer.text)")
            try self.greet(token, by: transcript.name)
        }
        for step in transcript.steps where !self.isOver {
            if case .drop = step, transcript.name.hasSuffix("__wildcard") { try self.expectPattern() }
            try self.play(step)
        }
        if !self.isOver { try self.expectSilence() }
    }

    private static func generation(of transcript: Transcript) throws -> ClientGeneration {
        let names: [(String, ClientGeneration)] = [
            ("stunnel-0.8__", .s08), ("stunnel-0.10__", .s10), ("telebitjs__", .tbjs), ("telebit-go__", .tbgo),
            ("rvpn-go-client__", .rvpn),
        ]
        return try #require(names.first { transcript.name.hasPrefix($0.0) }?.1, "\(transcript.name)")
    }

    // MARK: Beginning

    /// The token of a client whose own was not recorded.
    private static func token(_ generation: ClientGeneration, publicPort: UInt16) -> String {
        let ports = generation == .tbjs ? ",\"ports\":[\"\(publicPort)\"]" : ""
        return TestToken.make("{\"domains\":[\"app.test\"]\(ports)}", secret: "abc123")
    }

    private mutating func judgeAnswer(_ transcript: Transcript) {
        let answer = self.client.answer.head
        guard self.client.isUpgraded else {
            #expect(answer.status == 401, "\(answer.text)")
            self.differences.insert(.refusesBeforeTheUpgrade)
            self.isOver = true
            return
        }
        let recorded = HTTPHead(transcript.response ?? "")
        #expect(recorded.status == 101)
        #expect(answer["Sec-WebSocket-Accept"] == recorded["Sec-WebSocket-Accept"])
        #expect(answer["Sec-WebSocket-Extensions"] == recorded["Sec-WebSocket-Extensions"])
    }

    /// Goes through the greeting as the client's generation does, where it was not recorded.
    private mutating func greet(_ token: String, by name: String) throws {
        let greeting = self.generation.greeting(token: token, id: 77)
        guard !greeting.isEmpty else { return }
        if name.contains("__go-rvpn-") { self.differences.insert(.greets) }
        _ = try self.next { $0.text.hasPrefix("[1,\"hello\",") }
        for packet in greeting { try self.send(packet) }
        if greeting.contains(where: { $0.text.contains("add_token") }) { _ = try self.next { $0.text == "[-77,null]" } }
        if self.generation == .tbjs { _ = try self.next { $0.text.contains("\"grant\"") } }
    }

    // MARK: Going on

    private mutating func play(_ step: Transcript.Step) throws {
        switch step {
        case .packet(let recorded):
            if recorded.isFromClient {
                try self.clientSends(recorded)
            } else {
                try self.relayMustSend(recorded)
            }
        case .ping:
            self.waiting += try self.client.synchronize()
        case .close(let payload):
            try self.expectSilence()
            let close = RawFrame(.close, payload)
            try self.client.send(close)
            #expect(try self.client.closeCode() == close.closeCode)
            #expect(try self.client.connection.readToEnd().isEmpty)
            try self.expectEnd()
        case .drop:
            try self.expectSilence()
            self.client.connection.close()
            try self.expectEnd()
        }
    }

    /// The relay has read everything and says nothing that is not in the recording.
    private mutating func expectSilence() throws {
        self.waiting += try self.client.synchronize()
        #expect(self.waiting.isEmpty)
    }

    private mutating func expectEnd() throws {
        try self.relay.waitForLog("the tunnel's end") { $0.message == "tunnel ended" }
        self.isOver = true
    }

    /// The next packet that is wanted; others wait for their turn.
    mutating func next(where isWanted: (RawPacket) -> Bool) throws -> RawPacket {
        if let index = self.waiting.firstIndex(where: isWanted) { return self.waiting.remove(at: index) }
        while true {
            let packet = try self.client.nextPacket()
            if isWanted(packet) { return packet }
            self.waiting.append(packet)
        }
    }

    /// Sends a packet, cut as the client's generation cuts it.
    func send(_ packet: RawPacket) throws {
        for frame in self.generation.frames(packet) { try self.client.send(frame) }
    }
}
