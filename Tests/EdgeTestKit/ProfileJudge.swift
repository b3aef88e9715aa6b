/// Watches what a relay sends to a client of one generation, and says which message that client could not have borne.
///
/// Its rows are those of the table "Serving all clients at once" of the protocol's description; each breach names the
/// trap. It reads what the client sends as well, to know what the relay has been told.
package struct ProfileJudge: Sendable {
    /// How the gate of a new stream is judged.
    package enum Gate: Sendable {
        /// The relay may go on by itself after a time that nobody here measures.
        case timed
        /// The relay's time is far longer than the test: nothing may pass before the client's first packet.
        case untilAnswered
    }

    /// What is known of a stream.
    private enum Stream {
        /// Announced by `connection`, without a byte so far.
        case announced
        /// The first packet was seen, the client has not answered.
        case begun
        /// The client has answered.
        case answered
        /// The relay ended it or its half, the client has not.
        case endedByRelay
        /// The client ended it; what the relay had sent before it knew may still come.
        case endedByClient
    }

    /// Whose client it is.
    package let shape: ScriptedClient.Shape
    /// How the gate is judged.
    package let gate: Gate
    private var streams: [String: Stream] = [:]
    private var hasHello = false
    private var mayPause: Bool
    private var outgoing = SentPackets()

    /// Creates a judge for a tunnel that was just upgraded.
    ///
    /// - Parameters:
    ///   - shape: whose client it is.
    ///   - gate: how the gate is judged.
    package init(_ shape: ScriptedClient.Shape, gate: Gate = .timed) {
        (self.shape, self.gate) = (shape, gate)
        self.mayPause = shape == .agent
    }

    // MARK: What the client says

    /// Takes note of a frame that the client sent.
    ///
    /// - Parameter frame: the frame.
    package mutating func sent(_ frame: RawFrame) {
        switch frame.opcode {
        case .binary, .text, .continuation:
            for packet in self.outgoing.append(frame.payload) { self.sent(packet) }
        case .close, .ping, .pong:
            break
        }
    }

    private mutating func sent(_ packet: SentPackets.Packet) {
        switch packet.service {
        case "control":
            if packet.text == "[-1,null]" { self.mayPause = self.mayPause || self.shape.learnsPause }
        case "end" where self.shape == .agent && self.streams[packet.stream] != .endedByRelay:
            // One direction; the relay may go on.
            break
        case "end", "error":
            if self.streams[packet.stream] == .endedByRelay, self.shape != .agent {
                self.streams[packet.stream] = nil
            } else if self.streams[packet.stream] != nil {
                self.streams[packet.stream] = .endedByClient
            }
        case "pause", "resume":
            break
        default:
            if self.streams[packet.stream] == .begun { self.streams[packet.stream] = .answered }
        }
    }

    // MARK: What the relay says

    /// Judges a frame that the relay sent.
    ///
    /// - Parameter frame: the frame.
    /// - Throws: ``JourneyFailure`` that names the breach.
    package mutating func received(_ frame: RawFrame) throws {
        switch frame.opcode {
        case .binary:
            guard frame.isFinal else { throw self.breach("a message in several frames", frame) }
            guard frame.payload.count != 1 else { throw self.breach("a message of one byte", frame) }
            let packet: RawPacket
            do {
                packet = try RawPacket(message: frame.payload)
            } catch {
                throw self.breach("a message that is not one packet", frame)
            }
            try self.received(packet)
        case .text: throw self.breach("a text message", frame)
        case .continuation: throw self.breach("a message in several frames", frame)
        case .ping, .pong, .close:
            // RFC 6455 §5.5.
            guard frame.isFinal, frame.payload.count <= 125 else { throw self.breach("a long control frame", frame) }
        }
    }

    private mutating func received(_ packet: RawPacket) throws {
        guard packet.body.count <= 65_536 else { throw self.breach("a body above 64 KiB", packet) }
        guard packet.service == packet.service.lowercased() else { throw self.breach("upper case", packet) }
        if packet.service == "control" { return try self.control(packet) }
        guard self.hasHello || !self.shape.isGreeted else { throw self.breach("a packet before hello", packet) }
        try self.key(packet)
        switch packet.service {
        case "connection": try self.connection(packet)
        case "end", "error": try self.end(packet)
        case "pause", "resume": try self.pause(packet)
        default: try self.data(packet)
        }
    }

    private func key(_ packet: RawPacket) throws {
        let wanted = self.shape.headerFields + (packet.service == "connection" ? 1 : 0)
        guard packet.fields.count == wanted else { throw self.breach("\(packet.fields.count) fields", packet) }
        let (family, address) = (packet.fields[0], packet.fields[1])
        guard family == (address.contains(":") ? "IPv6" : "IPv4"), !address.contains("ffff:") else {
            throw self.breach("a family that is not the address's", packet)
        }
        guard let port = UInt16(packet.fields[2]), port != 0 else { throw self.breach("no port", packet) }
        guard wanted < 7 || UInt16(packet.fields[5]) != nil else { throw self.breach("no service port", packet) }
        guard wanted < 7 || packet.fields[6] == packet.fields[6].lowercased() else {
            throw self.breach("a name in upper case", packet)
        }
    }

    private mutating func control(_ packet: RawPacket) throws {
        guard self.shape.isGreeted else { throw self.breach("control", packet) }
        guard packet.fields.count == 5, packet.fields.prefix(3) == ["", "", ""] else {
            throw self.breach("a control packet of another form", packet)
        }
        if packet.text.hasPrefix("[1,\"hello\",[1],[") {
            guard !self.hasHello else { throw self.breach("hello twice", packet) }
            self.hasHello = true
            return
        }
        guard self.hasHello else { throw self.breach("control before hello", packet) }
        // Answers and faults are for all; requests only for those that know them.
        if packet.text.hasPrefix("[-") || packet.text.hasPrefix("[0,{") { return }
        let isGrant = packet.text.split(separator: ",", maxSplits: 2).dropFirst().first == "\"grant\""
        guard isGrant, self.shape.knowsGrant else { throw self.breach("a request that it does not know", packet) }
    }

    private mutating func connection(_ packet: RawPacket) throws {
        guard self.shape == .agent else { throw self.breach("connection", packet) }
        guard packet.body.isEmpty, self.shape.services.contains(packet.fields[7]) else {
            throw self.breach("a connection of another form", packet)
        }
        switch self.streams[packet.stream] {
        case nil, .endedByRelay, .endedByClient: self.streams[packet.stream] = .announced
        case .announced, .begun, .answered: throw self.breach("connection for a stream that is open", packet)
        }
    }

    private mutating func data(_ packet: RawPacket) throws {
        guard self.shape.services.contains(packet.service) else { throw self.breach("an unknown service", packet) }
        guard !packet.body.isEmpty else { throw self.breach("data without a byte", packet) }
        switch self.streams[packet.stream] {
        case nil:
            guard self.shape != .agent else { throw self.breach("data without connection", packet) }
            self.streams[packet.stream] = .begun
        case .announced:
            self.streams[packet.stream] = .answered
        case .begun:
            guard !self.isGateShut else { throw self.breach("a second packet before the gate opened", packet) }
        case .endedByRelay:
            throw self.breach("data behind an end", packet)
        case .endedByClient where self.shape != .agent:
            // Under way when the client ended, or a new visitor with the same port: what follows is not judged.
            self.streams[packet.stream] = .answered
        case .answered, .endedByClient:
            break
        }
    }

    private mutating func end(_ packet: RawPacket) throws {
        guard self.shape.endBodies.contains(packet.body.count) else {
            throw self.breach("\(packet.service) with \(packet.body.count) bytes", packet)
        }
        switch self.streams[packet.stream] {
        case nil:
            throw self.breach("\(packet.service) for a stream that is not open", packet)
        case .begun where self.isGateShut:
            throw self.breach("\(packet.service) before the gate opened", packet)
        case .endedByRelay where packet.service == "end":
            throw self.breach("a second end", packet)
        case .endedByClient:
            self.streams[packet.stream] = nil
        case .announced, .begun, .answered, .endedByRelay:
            // Nobody answers an error: the key may be another visitor's after its quarantine.
            self.streams[packet.stream] = packet.service == "error" ? nil : .endedByRelay
        }
    }

    private func pause(_ packet: RawPacket) throws {
        guard self.mayPause else { throw self.breach(packet.service, packet) }
        guard Int(packet.text) != nil else { throw self.breach("\(packet.service) without a number", packet) }
        switch self.streams[packet.stream] {
        case nil: throw self.breach("\(packet.service) for a stream that is not open", packet)
        case .begun where self.isGateShut: throw self.breach("\(packet.service) before the gate opened", packet)
        case .announced, .begun, .answered, .endedByRelay, .endedByClient: break
        }
    }

    private var isGateShut: Bool { self.gate == .untilAnswered && self.shape.needsGate }

    private func breach(_ what: String, _ packet: RawPacket) -> JourneyFailure {
        JourneyFailure("the relay sent \(self.shape) what it cannot bear: \(what): \(packet)")
    }

    private func breach(_ what: String, _ frame: RawFrame) -> JourneyFailure {
        let bytes = Pattern.hexadecimal(Array(frame.payload.prefix(48)))
        return JourneyFailure("the relay sent \(self.shape) what it cannot bear: \(what): \(frame.opcode) \(bytes)")
    }
}
