import EdgeTestKit

/// A whole life of a tunnel, from the request for its upgrade to the end of its only stream, of which a client says the
/// first bytes alone.
struct CutExchange: Sendable {
    /// What an exchange's client says, up to where it must have heard something to go on.
    private enum Part: CaseIterable {
        case upgrade
        case greeting
        case data
        case end
    }

    let relay: RelayProcess
    /// Our own client, or telebit.js: the one named by its token at once, the other by a control packet.
    let generation: ClientGeneration
    let name: String

    private static let answered = 40
    private static let addToken = 919_782_879

    private var token: String { TestToken.granting([self.name]) }

    /// How many bytes the client says in the whole exchange.
    ///
    /// Ports that the kernel chooses have five digits.
    var length: Int { Part.allCases.map { self.bytes(of: $0, visitor: 40_000).count }.reduce(0, +) }

    /// Plays the first bytes of the client's side and ends them.
    ///
    /// - Parameter count: how many bytes the client says: then a FIN where the number is even, a reset where it is odd.
    /// - Returns: what became of the visitor, who asked as soon as somebody was there to answer.
    /// - Throws: ``JourneyFailure`` when either is left without an end.
    func run(_ count: Int) throws -> VisitorFate {
        let visitor = try self.relay.dial()
        let client = try self.relay.dial()
        defer { client.close() }
        var rest = count
        var hasAsked = false
        for part in Part.allCases {
            let bytes = self.bytes(of: part, visitor: visitor.localPort)
            try client.write(Array(bytes.prefix(rest)))
            guard rest >= bytes.count else { break }
            rest -= bytes.count
            if try self.follow(part, client) {
                try visitor.write(VisitorFate.request(self.name, Self.answered))
                hasAsked = true
                _ = try self.packet(from: client) { $0.service == "http" }
            }
        }
        if count.isMultiple(of: 2) {
            client.finishWriting()
            _ = try VisitorFate.readToEnd(client)
        } else {
            client.reset()
        }
        if hasAsked { return try VisitorFate(of: visitor, Self.answered) }
        return try VisitorFate(asking: self.name, for: Self.answered, over: visitor)
    }

    /// Waits for what the relay says to a part.
    ///
    /// - Returns: whether a visitor finds the tunnel from here on.
    private func follow(_ part: Part, _ client: PlainConnection) throws -> Bool {
        switch part {
        case .upgrade:
            guard try HTTPAnswer(from: client).head.status == 101 else { throw JourneyFailure("not let in") }
            _ = try self.packet(from: client) { $0.text.hasPrefix("[1,\"hello\"") }
            return self.generation == .own
        case .greeting:
            guard self.generation != .own else { return false }
            _ = try self.packet(from: client) { $0.text == "[-\(Self.addToken),null]" }
            return true
        case .data, .end:
            return false
        }
    }

    private func packet(from client: PlainConnection, where isWanted: (RawPacket) -> Bool) throws -> RawPacket {
        while let frame = try RawFrame.read(from: client) {
            guard frame.opcode == .binary else { continue }
            let packet = try RawPacket(message: frame.payload)
            if isWanted(packet) { return packet }
        }
        throw JourneyFailure("the end instead of a packet")
    }

    private func bytes(of part: Part, visitor: UInt16) -> [UInt8] {
        let stream = "IPv4,127.0.0.1,\(visitor)"
        let rest = "\(self.relay.port),\(self.name)"
        switch part {
        case .upgrade:
            let host = "tunnel.example.test:\(self.relay.port)"
            let instance = self.generation == .own ? self.name : nil
            let shape = self.generation.shape
            return Array(ScriptedClient.request(shape, host: host, token: self.token, instance: instance).utf8)
        case .greeting:
            let known = RawPacket(control: "[-1,null]").bytes
            guard self.generation != .own else { return Self.message(known) }
            let adds = RawPacket(control: "[\(Self.addToken),\"add_token\",\"\(self.token)\"]").bytes
            return Self.message(known) + Self.message(adds)
        case .data:
            let head = "HTTP/1.1 200 OK\r\nContent-Length: \(Self.answered)\r\n\r\n"
            let body = Array(head.utf8) + Pattern.bytes(Self.answered)
            let packet = RawPacket(header: "\(stream),\(body.count),http,\(rest)", body: body).bytes
            guard self.generation != .own else { return Self.message(packet) }
            // telebit.js sends header and body apart.
            return Self.message(Array(packet.dropLast(body.count))) + Self.message(body)
        case .end:
            return Self.message(RawPacket(header: "\(stream),0,end,\(rest)", body: []).bytes)
        }
    }

    private static func message(_ bytes: [UInt8]) -> [UInt8] { RawFrame(.binary, bytes).bytes(isMasked: true) }
}
