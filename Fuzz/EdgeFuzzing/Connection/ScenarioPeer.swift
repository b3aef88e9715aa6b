import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore

/// The far end of a tunnel: frames what the fuzzer has it say, and holds against the carrier what it reads.
struct ScenarioPeer {
    /// The carrier's kind of peer.
    let profile: ClientProfile
    /// Whether the peer is a client, whose frames have masks.
    let isClient: Bool
    /// The longest body of a packet that the carrier may send.
    let longestBody: Int
    /// What is on its way to the carrier.
    private(set) var waiting: [UInt8] = []
    private var wire: TunnelWire
    private var understandsPause: Bool
    private var hasClosed = false
    private var key: UInt32 = 0x1234_5678

    init(profile: ClientProfile, isClient: Bool, longestBody: Int) {
        self.profile = profile
        self.isClient = isClient
        self.longestBody = longestBody
        self.wire = TunnelWire(masked: !isClient)
        self.understandsPause = profile.understandsPauseFromTheStart
    }

    /// Says bytes as they are.
    mutating func say(raw bytes: [UInt8]) {
        self.waiting += bytes
    }

    /// Says a frame.
    mutating func say(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
        self.key = self.key &* 1_664_525 &+ 1_013_904_223
        self.waiting += WebSocketFrameEncoder.frame(
            opcode,
            payload: payload,
            maskingKey: self.isClient ? self.key : nil
        )
    }

    /// Says a packet, in one frame or in two.
    mutating func say(_ packet: [UInt8], inTwo: Bool) {
        guard inTwo, packet.count > 1 else {
            self.say(.binary, packet)
            return
        }
        self.say(.binary, Array(packet.prefix(packet.count / 2)))
        self.say(.ping, [])
        self.say(.binary, Array(packet.dropFirst(packet.count / 2)))
    }

    /// A packet of a stream.
    func packet(_ service: TunnelService, _ body: [UInt8], _ id: StreamID) -> [UInt8] {
        let name = Hostname("app.example.com")
        let fields = self.profile.headerFields
        let label = TunnelLabel(id: id, service: .https, servicePort: 443, name: name, fields: fields)
        return TunnelPacker.packet(label: label, service: service, body: body)
    }

    /// Notes that it answered the greeting.
    mutating func greetingAnswered() {
        self.understandsPause = self.understandsPause || self.profile.understandsPauseAfterReply
    }

    /// Takes bytes that are on their way.
    mutating func take(_ count: Int) -> [UInt8] {
        let taken = Array(self.waiting.prefix(count))
        self.waiting.removeFirst(taken.count)
        return taken
    }

    /// Reads what the carrier wrote.
    ///
    /// - Parameters:
    ///   - bytes: whole frames.
    ///   - visitors: whose streams there are.
    /// - Throws: the promise that was broken.
    mutating func read(_ bytes: [UInt8], _ visitors: [StreamID: ScenarioVisitor]) throws {
        guard !bytes.isEmpty else { return }
        try FuzzFinding.unless(!self.hasClosed, "bytes behind the close frame")
        let read: TunnelWire.Read
        do {
            read = try self.wire.read(bytes)
        } catch {
            throw FuzzFinding("the carrier writes what nobody can read: \(error)")
        }
        try FuzzFinding.unless(read.closes.count <= 1, "two close frames")
        self.hasClosed = !read.closes.isEmpty
        for packet in read.packets { try self.check(packet, visitors) }
    }

    private func check(_ packet: TunnelWire.Packet, _ visitors: [StreamID: ScenarioVisitor]) throws {
        let service = packet.header.service
        try FuzzFinding.unless(packet.isWholeFrame, "a packet that is not one frame: \(packet.header)")
        if service == .control {
            try FuzzFinding.unless(self.profile.sendsHello, "a control packet ends this client")
            return
        }
        guard let id = packet.header.streamID, let visitor = visitors[id] else {
            // What the peer made up itself an agent may refuse.
            try FuzzFinding.unless(!self.isClient, "a packet for nobody: \(packet.header)")
            return
        }
        switch service {
        case .http, .https, .tls, .ssh, .tcp, .data, .other:
            try self.checkData(packet, visitor)
        case .connection:
            let isFirst = self.profile.opensWithConnection && self.isClient && !visitor.isKnown
            try FuzzFinding.unless(isFirst, "a connection that nobody takes")
        case .pause, .resume:
            try FuzzFinding.unless(self.understandsPause, "a pause that this client takes for data")
        case .end:
            try FuzzFinding.unless(!visitor.isEndTold, "a stream that ends twice")
            try FuzzFinding.unless(packet.body.count == self.profile.endBodyLength, "an end of the wrong length")
            visitor.isEndTold = true
            visitor.isOver = visitor.isOver || !self.profile.halfCloses
        case .error:
            try FuzzFinding.unless(packet.body.count == self.profile.endBodyLength, "an error of the wrong length")
            visitor.isOver = true
        case .control:
            break
        }
        visitor.isKnown = true
    }

    private func checkData(_ packet: TunnelWire.Packet, _ visitor: ScenarioVisitor) throws {
        let count = packet.body.count
        try FuzzFinding.unless(!visitor.isOver && !visitor.isEndTold, "bytes behind the end of \(visitor.id)")
        try FuzzFinding.unless(count <= self.longestBody, "a packet of \(count) bytes")
        try FuzzFinding.unless(visitor.found + count <= visitor.said, "bytes that \(visitor.id) did not say")
        let expected = visitor.pattern(up: true, from: visitor.found, count: count)
        try FuzzFinding.unless(packet.body == expected, "other bytes of \(visitor.id) from \(visitor.found) on")
        visitor.found += count
    }
}
