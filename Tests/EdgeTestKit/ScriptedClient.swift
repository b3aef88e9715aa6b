/// A tunnel client whose every byte the test chooses, so that old clients can be played as they were.
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

    /// Asks for the upgrade in a client's shape.
    ///
    /// - Parameters:
    ///   - connection: an open connection to the relay.
    ///   - shape: whose request to send.
    ///   - host: the tunnel host.
    ///   - token: the token, where the shape carries one.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package convenience init(
        _ connection: any ByteConnection,
        _ shape: Shape,
        host: String,
        token: String = ""
    ) throws {
        try self.init(connection, request: Self.request(shape, host, token))
    }

    /// Sends a request as it is.
    ///
    /// - Parameters:
    ///   - connection: an open connection to the relay.
    ///   - request: the head with its empty line.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package init(_ connection: any ByteConnection, request: String) throws {
        self.connection = connection
        try connection.write(request)
        self.answer = try HTTPAnswer(from: connection)
    }

    /// Whether the relay said yes.
    package var isUpgraded: Bool { self.answer.head.status == 101 }

    private static func request(_ shape: Shape, _ host: String, _ token: String) -> String {
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
    package func send(_ frame: RawFrame) throws { try self.connection.write(frame.bytes(isMasked: true)) }

    /// The next frame; pings are answered on the way.
    ///
    /// - Parameter deadline: when to give up.
    /// - Returns: the frame; nil at the end.
    /// - Throws: ``JourneyFailure`` when none comes.
    package func nextFrame(by deadline: Deadline = Deadline()) throws -> RawFrame? {
        while let frame = try RawFrame.read(from: self.connection, by: deadline) {
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
