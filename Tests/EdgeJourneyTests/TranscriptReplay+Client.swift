import EdgeTestKit
import Testing

/// What the client says, and what its visitors see of it.
extension TranscriptReplay {
    /// Sends what the client sent, for the stream that stands for the recorded one.
    ///
    /// - Parameter recorded: the packet as it was recorded.
    /// - Throws: ``JourneyFailure`` where the visitor does not see it.
    mutating func clientSends(_ recorded: Transcript.Packet) throws {
        let packet = recorded.packet
        #expect(self.generation.frames(packet).map { Transcript.Frame($0) } == recorded.frames, "\(packet)")
        guard packet.service != "control", let visitor = self.visitors[packet.stream] else {
            return try self.send(packet)
        }
        try self.send(Self.translated(packet, visitor))
        switch packet.service {
        case "end", "error":
            if !visitor.hasClientEnded, !visitor.hasLeft { try self.expectEnd(of: visitor, after: packet) }
            self.visitors[packet.stream]?.hasClientEnded = true
        case "pause":
            // The recordings leave out the middle of long transfers, and the client's resume with it.
            var resume = packet
            resume.fields[4] = "resume"
            try self.send(Self.translated(resume, visitor))
        case "resume":
            break
        default:
            if !visitor.hasClientEnded, !visitor.hasLeft {
                #expect(try visitor.connection.readExactly(packet.body.count) == packet.body)
            }
        }
    }

    /// The packet with our stream's key, and our port where the client repeats the visitor's.
    private static func translated(_ packet: RawPacket, _ visitor: Visitor) -> RawPacket {
        var packet = packet
        packet.fields.replaceSubrange(..<3, with: visitor.opening.fields.prefix(3))
        if packet.fields.count > 5, packet.fields[5] == visitor.recorded.fields[5] {
            packet.fields[5] = visitor.opening.fields[5]
        }
        return packet
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
}
