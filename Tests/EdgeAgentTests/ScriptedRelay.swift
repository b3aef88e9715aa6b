import EdgeTestKit

/// A relay whose every byte the test chooses; it speaks without TLS.
final class ScriptedRelay: Sendable {
    /// One client that came.
    final class Tunnel: Sendable {
        /// What it asked for.
        let head: HTTPHead
        private let connection: PlainConnection

        init(_ head: HTTPHead, _ connection: PlainConnection) {
            (self.head, self.connection) = (head, connection)
        }

        /// Sends a packet as one message in one frame.
        func send(_ packet: RawPacket) throws {
            try self.send(RawFrame(.binary, packet.bytes))
        }

        func send(_ frame: RawFrame) throws {
            try self.connection.write(frame.bytes(isMasked: false))
        }

        /// Opens a stream and says nothing on it.
        func open(_ port: Int, _ service: String, name: String = "", servicePort: Int = 443) throws {
            let header = "IPv4,192.0.2.7,\(port),0,connection,\(servicePort),\(name),\(service)"
            try self.send(RawPacket(header: header, body: []))
        }

        /// Says something on a stream.
        func say(_ port: Int, _ text: String, service: String = "tcp") throws {
            let header = "IPv4,192.0.2.7,\(port),\(text.utf8.count),\(service),443,"
            try self.send(RawPacket(header: header, body: Array(text.utf8)))
        }

        /// The next packet that is not a control packet.
        func answer() throws -> RawPacket {
            while true {
                guard let frame = try self.nextFrame() else { throw JourneyFailure("the end instead of a packet") }
                guard frame.opcode == .binary else { throw JourneyFailure("\(frame.opcode) instead of a packet") }
                let packet = try RawPacket(message: frame.payload)
                if packet.service != "control" { return packet }
            }
        }

        /// The code of the close frame that comes after anything else.
        func closeCode() throws -> Int? {
            while let frame = try self.nextFrame() {
                if frame.opcode == .close { return frame.closeCode ?? 1005 }
            }
            return nil
        }

        /// Says that the relay goes away.
        func goAway(retry: Int) throws {
            let fault = #"{"message":"the relay restarts","code":"E_GOING_AWAY","retry":\#(retry)}"#
            try self.send(RawPacket(control: "[0,\(fault)]"))
        }

        /// Closes the tunnel as a relay does, and waits for the answer.
        func close(_ code: Int, _ text: String = "") throws {
            try self.send(RawFrame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(text.utf8)))
            _ = try self.closeCode()
            self.connection.close()
        }

        private func nextFrame() throws -> RawFrame? {
            while let frame = try RawFrame.read(from: self.connection) {
                guard frame.opcode == .ping else { return frame }
                try self.send(RawFrame(.pong, frame.payload))
            }
            return nil
        }
    }

    private let listener: LoopbackListener
    private let tunnels = Watched<[Tunnel]>([])

    /// Listens.
    ///
    /// - Parameter refusal: what every client is answered with; nil lets them in.
    /// - Throws: ``JourneyFailure`` when it cannot listen.
    init(refusal: String? = nil) throws {
        let tunnels = self.tunnels
        self.listener = try LoopbackListener { connection in
            guard let text = try? connection.readHead(by: Deadline()) else { return }
            let head = HTTPHead(text)
            let key = head["Sec-WebSocket-Key"].first ?? ""
            let answer =
                refusal
                ?? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(RawFrame.accept(key))\r\n\r\n"
            try? connection.write(answer)
            tunnels.change { $0.append(Tunnel(head, connection)) }
        }
    }

    /// Starts the program's client for this relay.
    func client(_ locals: [String], _ more: [String] = []) throws -> ChildProcess {
        let relay = ["connect", "--relay", "ws://127.0.0.1:\(self.listener.port)"]
        let words = relay + locals.flatMap { ["--local", $0] } + more
        return try ChildProcess(
            try ProductBinary.required(),
            words,
            environment: ["RVPN_TOKEN": "a.b.c"]
        )
    }

    /// Waits for a client.
    ///
    /// - Parameter index: how many came before it.
    /// - Returns: the client.
    /// - Throws: ``JourneyFailure`` when none comes.
    func tunnel(_ index: Int) throws -> Tunnel {
        guard let tunnel = self.tunnels.wait(for: { $0.count > index ? $0[index] : nil }) else {
            throw JourneyFailure("client \(index) did not come")
        }
        return tunnel
    }

    /// How many came.
    var count: Int { self.tunnels.current.count }
}
