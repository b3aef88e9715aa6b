import EdgeTestKit
import FoundationEssentials
import Testing

/// What the relay must say where the recorded server said something, and what its visitors do to make it.
extension TranscriptReplay {
    /// Expects what the server sent, or writes down that and why the relay does not send it.
    ///
    /// - Parameter recorded: the packet as it was recorded.
    /// - Throws: ``JourneyFailure`` where it does not come.
    mutating func relayMustSend(_ recorded: Transcript.Packet) throws {
        let packet = recorded.packet
        if recorded.frames.count > 1 { self.differences.insert(.sendsAPacketInOneFrame) }
        switch packet.service {
        case "control":
            try self.relayMustControl(packet)
        case "connection":
            self.differences.insert(.announcesNothing)
        case "pause", "resume":
            self.differences.insert(self.generation.heedsPause ? .pausesByItsOwnBuffers : .pausesOnlyWhoKnowsIt)
        case "end", "error":
            try self.visitorLeaves(packet)
        default:
            guard let visitor = self.visitors[packet.stream] else {
                return try self.visitorComes(recorded.isCut ? Self.restored(packet) : packet)
            }
            if visitor.hasClientEnded {
                self.differences.insert(.sendsNothingBehindAnEnd)
            } else {
                try self.visitorSends(packet, visitor)
            }
        }
    }

    // MARK: Control

    private mutating func relayMustControl(_ packet: RawPacket) throws {
        if packet.text.contains("\"grant\"") {
            let grant = try self.next { $0.service == "control" && $0.text.contains("\"grant\"") }
            let name = packet.text.components(separatedBy: "[\"https\",\"").last?.prefix { $0 != "\"" } ?? ""
            let wanted =
                "[[\"ssh+https\",\"\(name)\",\(self.relay.port)],[\"tcp\",\"\(name)\",5050],[\"https\",\"\(name)\"]]"
            #expect(grant.text == "[2,\"grant\",\(wanted)]")
            if grant != packet { self.differences.insert(.grantsInItsOwnWords) }
            return
        }
        // `[1,` is hello's, `[-801658536,` an answer's.
        let number = packet.text.prefix { $0 != "," } + ","
        let answer = try self.next { $0.service == "control" && $0.text.hasPrefix(number) }
        guard answer != packet else { return }
        if number == "[1," {
            #expect(answer.text == TunnelUpgradeTests.hello)
            self.differences.insert(.greetsWithTwoCommands)
        } else {
            #expect(packet.text == "\(number){}]")
            #expect(answer.text == "\(number){\"message\":\"invalid access token\",\"code\":\"E_INVALID_TOKEN\"}]")
            #expect(try self.client.closeCode() == 1008)
            self.differences.insert(.closesBehindABadToken)
            self.isOver = true
        }
    }

    // MARK: Visitors

    private mutating func visitorComes(_ packet: RawPacket) throws {
        let port = packet.service == "tcp" ? self.publicPort : self.relay.port
        let connection = try PlainConnection(port: port)
        try connection.write(packet.body)
        let opening = try self.next { $0.fields[2] == "\(connection.localPort)" }
        let more = packet.fields.count > 5 ? ["\(port)", packet.fields[6]] : []
        #expect(opening.fields == ["IPv4", "127.0.0.1", "\(connection.localPort)"] + packet.fields[3..<5] + more)
        #expect(opening.body == packet.body)
        if packet.fields[0] == "tun" { self.differences.insert(.namesTheFamily) }
        if packet.fields[1].hasPrefix("::ffff:") { self.differences.insert(.unmapsAddresses) }
        if packet.fields.count > 7 { self.differences.insert(.leavesOutTheEighthField) }
        self.visitors[packet.stream] = Visitor(connection: connection, recorded: packet, opening: opening)
    }

    /// Sends a visitor to a name below the recorded token's pattern, where its own server had none.
    mutating func expectPattern() throws {
        guard self.visitors.isEmpty else { return }
        let visitor = try self.relay.dial()
        try visitor.write("GET / HTTP/1.1\r\nHost: a.wild.test\r\n\r\n")
        let opening = try self.next { $0.fields[2] == "\(visitor.localPort)" }
        #expect(opening.service == "http")
        let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)
        try self.send(RawPacket(answering: opening, answer))
        #expect(try visitor.readExactly(answer.count) == answer)
        self.differences.insert(.servesPatterns)
    }

    private mutating func visitorSends(_ packet: RawPacket, _ visitor: Visitor) throws {
        try visitor.connection.write(packet.body)
        var received: [UInt8] = []
        while received.count < packet.body.count {
            let more = try self.next { $0.stream == visitor.opening.stream }
            #expect(more.fields[4...] == visitor.opening.fields[4...])
            received += more.body
        }
        #expect(received == packet.body)
    }

    /// The server had said that its visitor has ended, or spoke of a stream that was over.
    private mutating func visitorLeaves(_ packet: RawPacket) throws {
        let visitor = try #require(self.visitors[packet.stream], "\(packet)")
        guard !visitor.hasClientEnded, !visitor.hasLeft else {
            self.differences.insert(packet.service == "end" ? .echoesNoEnd : .saysNothingOfTheEnded)
            return
        }
        self.visitors[packet.stream]?.hasLeft = true
        visitor.connection.close()
        let end = try self.next { $0.stream == visitor.opening.stream }
        #expect(end.service == packet.service)
        #expect(end.body == packet.body)
        self.differences.insert(.holdsBackAVisitorsEnd)
    }

    /// A stream's first packet whose bytes were not kept whole: others of the same length, for the same name.
    private static func restored(_ packet: RawPacket) throws -> RawPacket {
        var restored = packet
        if packet.service == "https" {
            let steps = try Transcript("stunnel-0.8__stunneld-0.9.1__https-get").steps
            guard case .packet(let whole) = steps.first else { throw JourneyFailure("no whole greeting") }
            restored.body = whole.packet.body
        } else {
            let start = "GET / HTTP/1.1\r\nHost: app.test\r\nX: "
            let filling = String(repeating: "x", count: packet.body.count - start.utf8.count - 4)
            restored.body = Array((start + filling + "\r\n\r\n").utf8)
        }
        guard restored.body.count == packet.body.count else { throw JourneyFailure("no other bytes of that length") }
        return restored
    }
}
