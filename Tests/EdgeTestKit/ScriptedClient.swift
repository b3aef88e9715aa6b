/// A tunnel client whose every byte the test chooses, so that old clients can be played as they were.
///
/// Every frame that it reads is judged: what the played generation could not have borne fails the test.
package final class ScriptedClient {
    /// The shapes in which old clients ask for the upgrade.
    package enum Shape: Sendable {
        /// stunnel 0.8: the token in the URL, no user agent.
        case stunnel08
        /// stunnel 0.10: the same with its fields in another order.
        case stunnel10
        /// telebit.js: no token.
        case telebit
        /// The Go client of telebit: a bearer token and the versions that it speaks.
        case telebitGo
        /// The Go client of the first relay.
        case goClient
        /// Our own agent.
        case agent
    }

    /// What carries the WebSocket.
    package let connection: any ByteConnection
    /// The relay's answer to the upgrade.
    package let answer: HTTPAnswer
    private var judge: ProfileJudge?

    /// Asks for the upgrade in a client's shape.
    ///
    /// - Parameters:
    ///   - connection: an open connection to the relay.
    ///   - shape: whose request to send.
    ///   - host: the tunnel host.
    ///   - token: the token, where the shape carries one.
    ///   - instance: our own client's `RVPN-Instance`.
    ///   - gate: how the gate is judged.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package convenience init(
        _ connection: any ByteConnection,
        _ shape: Shape,
        host: String,
        token: String = "",
        instance: String? = nil,
        gate: ProfileJudge.Gate = .timed
    ) throws {
        let request = Self.request(shape, host: host, token: token, instance: instance)
        try self.init(connection, request: request, judge: ProfileJudge(shape, gate: gate))
    }

    /// Sends a request as it is.
    ///
    /// - Parameters:
    ///   - connection: an open connection to the relay.
    ///   - request: the head with its empty line.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package convenience init(_ connection: any ByteConnection, request: String) throws {
        try self.init(connection, request: request, judge: ProfileJudge(Shape(of: request)))
    }

    /// Opens a WebSocket that is no tunnel, so that nothing is judged.
    ///
    /// - Parameters:
    ///   - connection: an open connection to a server.
    ///   - host: the server's name.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package convenience init(visiting connection: any ByteConnection, host: String) throws {
        let request = Self.request(.stunnel10, host: host, token: "", instance: nil)
        try self.init(connection, request: request, judge: nil)
    }

    private init(_ connection: any ByteConnection, request: String, judge: ProfileJudge?) throws {
        self.connection = connection
        self.judge = judge
        try connection.write(request)
        self.answer = try HTTPAnswer(from: connection)
    }

    /// Whether the relay said yes.
    package var isUpgraded: Bool { self.answer.head.status == 101 }

    /// The upgrade as a generation asks for it.
    ///
    /// - Parameters:
    ///   - shape: whose request it is.
    ///   - host: the tunnel host.
    ///   - token: the token, where the shape carries one.
    ///   - instance: our own client's `RVPN-Instance`.
    /// - Returns: the head with its empty line.
    package static func request(_ shape: Shape, host: String, token: String, instance: String? = nil) -> String {
        let key = "Sec-WebSocket-Key: MTMtMTc5NTQ3NTk4NjY5MA=="
        let upgrade = ["Connection: Upgrade", "Upgrade: websocket"]
        let deflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
        let agent = "User-Agent: Go-http-client/1.1"
        let version = "Sec-WebSocket-Version: 13"
        let lines =
            switch shape {
            case .stunnel08:
                ["GET /?access_token=\(token) HTTP/1.1"] + upgrade + ["Host: \(host)", version, key, deflate]
            case .stunnel10:
                ["GET /?access_token=\(token) HTTP/1.1", version, key] + upgrade + [deflate, "Host: \(host)"]
            case .telebit:
                ["GET / HTTP/1.1", version, key] + upgrade + [deflate, "Host: \(host)"]
            case .telebitGo:
                ["GET /ws?access_token=\(token)&versions=v1 HTTP/1.1", "Host: \(host)", agent]
                    + ["Authorization: Bearer \(token)", "Connection: Upgrade", key, version, "Upgrade: websocket"]
            case .goClient:
                ["GET /?access_token=\(token) HTTP/1.1", "Host: \(host)", agent, "Connection: Upgrade", key, version]
                    + ["Upgrade: websocket"]
            case .agent:
                ["GET / HTTP/1.1", "Host: \(host)", "User-Agent: rvpn/0"] + upgrade
                    + [version, key, "Authorization: Bearer \(token)"]
                    + (instance.map { ["RVPN-Instance: \($0)"] } ?? [])
            }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Sends a packet as one message in one frame.
    ///
    /// - Parameter packet: the packet.
    /// - Throws: ``JourneyFailure`` when it cannot be written.
    package func send(_ packet: RawPacket) throws { try self.send(RawFrame(.binary, packet.bytes)) }

    /// Sends a frame, masked.
    ///
    /// - Parameter frame: the frame.
    /// - Throws: ``JourneyFailure`` when it cannot be written.
    package func send(_ frame: RawFrame) throws {
        self.judge?.sent(frame)
        try self.connection.write(frame.bytes(isMasked: true))
    }

    /// The next frame; pings are answered on the way.
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: the frame; nil at the end.
    /// - Throws: ``JourneyFailure`` when none comes.
    package func nextFrame(by deadline: Deadline = Deadline()) throws -> RawFrame? {
        while let frame = try RawFrame.read(from: self.connection, by: deadline) {
            try self.judge?.received(frame)
            guard frame.opcode == .ping else { return frame }
            try self.send(RawFrame(.pong, frame.payload))
        }
        return nil
    }

    /// The next packet.
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: the packet.
    /// - Throws: ``JourneyFailure`` when anything but one packet in one binary frame comes.
    package func nextPacket(by deadline: Deadline = Deadline()) throws -> RawPacket {
        guard let frame = try self.nextFrame(by: deadline) else { throw JourneyFailure("the end instead of a packet") }
        guard frame.opcode == .binary, frame.isFinal else {
            throw JourneyFailure(
                "\(frame.opcode) \(frame.closeCode ?? 0) instead of a packet: \(frame.payload.count) bytes"
            )
        }
        return try RawPacket(message: frame.payload)
    }

    /// The next packet that is wanted; others are skipped.
    ///
    /// - Parameters:
    ///   - deadline: when to give up.
    ///   - isWanted: whether a packet is the one.
    /// - Returns: the packet.
    /// - Throws: ``JourneyFailure`` when none comes.
    package func nextPacket(
        by deadline: Deadline = Deadline(),
        where isWanted: (RawPacket) -> Bool
    ) throws -> RawPacket {
        while true {
            let packet = try self.nextPacket(by: deadline)
            if isWanted(packet) { return packet }
        }
    }

    /// Waits until the relay has read everything so far: a ping, and its pong behind whatever was on the way.
    ///
    /// - Returns: the packets that came before the pong.
    /// - Throws: ``JourneyFailure`` when no pong comes.
    @discardableResult
    package func synchronize() throws -> [RawPacket] {
        let deadline = Deadline()
        try self.send(RawFrame(.ping, Array("are you there".utf8)))
        var packets: [RawPacket] = []
        while let frame = try self.nextFrame(by: deadline) {
            if frame == RawFrame(.pong, Array("are you there".utf8)) { return packets }
            guard frame.opcode == .binary else { throw JourneyFailure("\(frame.opcode) instead of a pong") }
            packets.append(try RawPacket(message: frame.payload))
        }
        throw JourneyFailure("the end instead of a pong")
    }

    /// The close frame with which the relay ends the tunnel; packets before it are skipped.
    ///
    /// - Returns: the frame's code; nil when the connection ends without one.
    package func closeCode() throws -> Int? {
        let deadline = Deadline()
        while let frame = try self.nextFrame(by: deadline) {
            if frame.opcode == .close { return frame.closeCode ?? 1005 }
        }
        return nil
    }
}
