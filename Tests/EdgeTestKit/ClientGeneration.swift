/// The generations of tunnel clients, each with the dialect in which it speaks to a relay.
package enum ClientGeneration: String, Sendable, CaseIterable {
    /// stunnel.js 0.8.
    case s08
    /// stunnel.js 0.10.
    case s10
    /// telebit.js 0.19.
    case tb19
    /// telebit.js 0.20.
    case tbjs
    /// The Go client of telebit.
    case tbgo
    /// The Go client of the first relay.
    case rvpn
    /// Our own client.
    case own

    /// How it asks for the upgrade.
    package var shape: ScriptedClient.Shape {
        switch self {
        case .s08: .stunnel08
        case .s10: .stunnel10
        case .tb19, .tbjs: .telebit
        case .tbgo: .telebitGo
        case .rvpn: .goClient
        case .own: .agent
        }
    }

    /// The largest body that it sends in one packet.
    var largestBody: Int {
        switch self {
        case .s08, .s10, .tb19, .tbjs, .own: 65_536
        case .tbgo: 8192
        case .rvpn: 4096
        }
    }

    /// Whether it stops reading a local service when it is told to pause.
    package var heedsPause: Bool {
        switch self {
        case .s10, .tb19, .tbjs, .own: true
        case .s08, .tbgo, .rvpn: false
        }
    }

    /// Whether it stops reading its tunnel after a refused local connection.
    package var goesDeaf: Bool {
        switch self {
        case .tb19, .tbjs: true
        case .s08, .s10, .tbgo, .rvpn, .own: false
        }
    }

    /// What it says to hello, and to add what it has to add.
    ///
    /// - Parameters:
    ///   - token: its token.
    ///   - id: the number of its request.
    /// - Returns: the packets; none from those that are not greeted.
    package func greeting(token: String, id: Int) -> [RawPacket] {
        switch self {
        // It takes hello for an unknown service.
        case .s08: [RawPacket(header: ",,,1,error", body: [0])]
        case .s10, .tb19, .tbjs:
            [RawPacket(control: "[\(id),\"add_token\",\"\(token)\"]"), RawPacket(control: "[-1,null]")]
        case .own: [RawPacket(control: "[-1,null]")]
        case .tbgo, .rvpn: []
        }
    }

    /// A packet of bytes from the local service.
    ///
    /// - Parameters:
    ///   - opening: the stream's first packet.
    ///   - body: the bytes.
    /// - Returns: the packet.
    func data(_ opening: RawPacket, _ body: [UInt8]) -> RawPacket {
        self.packet(opening, self == .tbgo ? "" : opening.service, body)
    }

    /// What it says when the local service has ended.
    ///
    /// - Parameter opening: the stream's first packet.
    /// - Returns: the packet.
    func end(_ opening: RawPacket) -> RawPacket {
        switch self {
        case .s08: self.packet(opening, "end", [0])
        case .s10, .tb19: self.packet(opening, "end", [0x20])
        case .tbjs, .rvpn, .own: self.packet(opening, "end", [])
        case .tbgo:
            RawPacket(header: opening.fields.prefix(3).joined(separator: ",") + ",0,end,0,,\n", body: [])
        }
    }

    /// What it says when nobody listens at the local port.
    ///
    /// - Parameter opening: the stream's first packet.
    /// - Returns: the packet.
    func refused(_ opening: RawPacket) -> RawPacket {
        switch self {
        case .s08: self.packet(opening, "error", [0])
        case .s10:
            self.packet(opening, "error", Array("{\"message\":\"refused\",\"code\":\"ECONNREFUSED\"}".utf8))
        case .tb19: self.packet(opening, "error", [0x20])
        case .tbjs, .rvpn, .own: self.packet(opening, "error", [])
        case .tbgo: self.end(opening)
        }
    }

    /// What it says when the local service reset the connection.
    ///
    /// - Parameter opening: the stream's first packet.
    /// - Returns: the packet.
    func reset(_ opening: RawPacket) -> RawPacket {
        switch self {
        case .s10, .tb19, .tbjs:
            self.packet(opening, "error", Array("{\"message\":\"read ECONNRESET\",\"code\":\"ECONNRESET\"}".utf8))
        case .s08, .tbgo, .rvpn, .own: self.refused(opening)
        }
    }

    /// What it says back when the relay has ended a stream.
    ///
    /// - Parameter opening: the stream's first packet.
    /// - Returns: the packets, spurious ones too.
    func farewell(_ opening: RawPacket) -> [RawPacket] {
        switch self {
        case .s08, .s10, .tb19, .tbjs: [self.end(opening)]
        case .tbgo: [self.end(opening), RawPacket(header: ",,0,0,end,0,,\n", body: [])]
        case .rvpn: [self.packet(opening, "error", [])]
        case .own: []
        }
    }

    /// A packet as it goes over the WebSocket: in messages and frames cut as its library cuts them.
    ///
    /// - Parameter packet: the packet.
    /// - Returns: the frames.
    package func frames(_ packet: RawPacket) -> [RawFrame] {
        let bytes = packet.bytes
        switch self {
        case .s08, .s10, .tb19, .own:
            return [RawFrame(.binary, bytes)]
        case .tbjs:
            // Control, pause and faults go in one message, all else in two.
            if ["control", "pause", "resume", "error"].contains(packet.service) || packet.body.isEmpty {
                return [RawFrame(.binary, bytes)]
            }
            let head = bytes.count - packet.body.count
            return [RawFrame(.binary, Array(bytes[..<head])), RawFrame(.binary, packet.body)]
        case .tbgo, .rvpn:
            // A buffer of 4096 bytes; where it is full at the end, an empty frame follows.
            guard bytes.count >= 4096 else { return [RawFrame(.binary, bytes)] }
            return stride(from: 0, through: bytes.count, by: 4096).map { start in
                let end = min(start + 4096, bytes.count)
                return RawFrame(
                    start == 0 ? .binary : .continuation,
                    Array(bytes[start..<end]),
                    isFinal: start + 4096 > bytes.count
                )
            }
        }
    }

    private func packet(_ opening: RawPacket, _ service: String, _ body: [UInt8]) -> RawPacket {
        var packet = RawPacket(answering: opening, service: service, body)
        switch self {
        case .s08, .s10, .rvpn: break
        case .tb19, .tbjs, .own: packet.fields += opening.fields.dropFirst(5).prefix(2)
        case .tbgo: packet.fields += opening.fields.dropFirst(5).prefix(2) + ["\n"]
        }
        return packet
    }
}
