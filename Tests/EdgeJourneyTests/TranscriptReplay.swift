import EdgeTestKit
import Testing

/// Plays a recording against a relay: the client's side as it was, and the visitors whose bytes it saw.
struct TranscriptReplay {
    /// A visitor whose stream the recording knows by another key.
    private struct Visitor {
        let connection: PlainConnection
        /// The first packet of the stream as our relay sent it.
        let opening: RawPacket
        var hasClientEnded = false
        var hasLeft = false
    }

    private let relay: RelayProcess
    private let client: ScriptedClient
    private var visitors: [String: Visitor] = [:]
    private var waiting: [RawPacket] = []
    private(set) var exchanged = 0

    /// Plays the first WebSocket of a recording.
    ///
    /// - Parameters:
    ///   - transcript: the recording.
    ///   - relay: a relay for its names.
    /// - Throws: ``JourneyFailure`` where the relay does not go on as the recording does.
    init(_ transcript: Transcript, on relay: RelayProcess) throws {
        let first = transcript.events.first?.connection ?? 1
        let events = transcript.events.filter { $0.connection == first }
        self.relay = relay
        if let request = events.first(where: { $0.name == "http-request" })?.text {
            self.client = try ScriptedClient(relay.dial(), request: request)
        } else {
            self.client = try Self.connected(transcript, relay)
        }
        #expect(self.client.isUpgraded, "\(self.client.answer.head.text)")
        for event in events {
            if event.opcode == "close", event.isFromClient {
                try self.client.send(RawFrame(.close, event.payload))
                #expect(try self.client.closeCode() == RawFrame(.close, event.payload).closeCode)
                return
            }
            guard let packet = event.packet else { continue }
            self.exchanged += 1
            if event.isFromClient {
                try self.clientSends(packet)
            } else {
                try self.relayMustSend(packet, isCut: event.isCut)
            }
        }
    }

    /// A client whose upgrade was not recorded: it asks as its generation does, is greeted, and answers as it must.
    private static func connected(_ transcript: Transcript, _ relay: RelayProcess) throws -> ScriptedClient {
        let isOldest = transcript.name.hasPrefix("stunnel-0.8")
        let token = TestToken.granting(["app.test"], secret: "abc123")
        let client = try relay.client(isOldest ? .stunnel08 : .stunnel10, token: token, host: "localhost")
        _ = try client.nextPacket()
        try client.send(isOldest ? RawPacket(header: ",,,1,error", body: [0]) : RawPacket(control: "[-1,null]"))
        return client
    }

    private mutating func clientSends(_ packet: RawPacket) throws {
        guard packet.service != "control", let visitor = self.visitors[packet.stream] else {
            return try self.client.send(packet)
        }
        let isData = !["end", "error", "pause", "resume"].contains(packet.service)
        try self.client.send(RawPacket(answering: visitor.opening, service: packet.service, packet.body))
        if isData {
            #expect(try visitor.connection.readExactly(packet.body.count) == packet.body)
        } else if !visitor.hasClientEnded, packet.service == "end" || packet.service == "error" {
            self.visitors[packet.stream]?.hasClientEnded = true
            if !visitor.hasLeft { try self.expectEnd(of: visitor, after: packet) }
        } else if packet.service == "pause" {
            // The recordings leave out the middle of long transfers, and the client's resume with it.
            try self.client.send(RawPacket(answering: visitor.opening, service: "resume", packet.body))
        }
    }

    /// The visitor sees an end, or after an error a page or a reset.
    private func expectEnd(of visitor: Visitor, after packet: RawPacket) throws {
        do {
            let rest = try visitor.connection.readToEnd()
            #expect(rest.isEmpty || packet.service == "error", "\(rest.count) bytes behind the end")
        } catch let failure as JourneyFailure where packet.service == "error" && failure.description.contains("reset") {
            return
        }
    }

    private mutating func relayMustSend(_ packet: RawPacket, isCut: Bool) throws {
        switch packet.service {
        case "control":
            let answer = try self.next { $0.service == "control" }
            #expect(answer == packet)
        case "end", "error":
            // The visitor had left; an error that follows an end is a word about nothing.
            self.visitors[packet.stream]?.hasLeft = true
            self.visitors[packet.stream]?.connection.close()
        case "pause", "resume":
            break
        default:
            guard self.visitors[packet.stream]?.hasClientEnded != true else { return }
            let isOpening = self.visitors[packet.stream] == nil
            try self.visitorSends(isCut && isOpening ? Self.restored(packet) : packet)
        }
    }

    /// A stream's first packet whose bytes were not kept whole: others of the same length, for the same name.
    private static func restored(_ packet: RawPacket) throws -> RawPacket {
        var restored = packet
        if packet.service == "https" {
            let whole = try Transcript("stunnel-0.8__stunneld-0.9.1__https-get").events.lazy.compactMap(\.packet).first
            restored.body = whole?.body ?? []
        } else {
            let start = "GET / HTTP/1.1\r\nHost: app.test\r\nX: "
            let filling = String(repeating: "x", count: packet.body.count - start.utf8.count - 4)
            restored.body = Array((start + filling + "\r\n\r\n").utf8)
        }
        guard restored.body.count == packet.body.count else { throw JourneyFailure("no other bytes of that length") }
        return restored
    }

    private mutating func visitorSends(_ packet: RawPacket) throws {
        guard let visitor = self.visitors[packet.stream] else {
            let connection = try self.relay.dial()
            try connection.write(packet.body)
            let opening = try self.next { $0.fields[2] == "\(connection.localPort)" }
            #expect(opening.fields == ["IPv4", "127.0.0.1", "\(connection.localPort)"] + packet.fields[3..<5])
            #expect(opening.body == packet.body)
            self.visitors[packet.stream] = Visitor(connection: connection, opening: opening)
            return
        }
        try visitor.connection.write(packet.body)
        var received: [UInt8] = []
        while received.count < packet.body.count {
            received += try self.next { $0.stream == visitor.opening.stream && $0.service == visitor.opening.service }
                .body
        }
        #expect(received == packet.body)
    }

    /// The next packet that is wanted; others wait for their turn.
    private mutating func next(where isWanted: (RawPacket) -> Bool) throws -> RawPacket {
        if let index = self.waiting.firstIndex(where: isWanted) { return self.waiting.remove(at: index) }
        while true {
            let packet = try self.client.nextPacket()
            if isWanted(packet) { return packet }
            self.waiting.append(packet)
        }
    }
}
