/// A recording as what a replay plays: whole packets, however their bytes were cut.
extension Transcript {
    /// How a frame was cut.
    package struct Frame: Sendable, Equatable {
        /// Whether it goes on with the message before it.
        package let isContinuation: Bool
        /// The bytes of its payload.
        package let length: Int
        /// Whether its message ends with it.
        package let isFinal: Bool
    }

    /// A packet as it was sent.
    package struct Packet: Sendable {
        /// The packet; what was cut off its body is filled up with the pattern.
        package let packet: RawPacket
        /// Whether the client sent it.
        package let isFromClient: Bool
        /// Whether its body was not kept whole.
        package let isCut: Bool
        /// The frames in which it came.
        package let frames: [Frame]
    }

    /// What happened next.
    package enum Step: Sendable {
        /// One side sent a packet.
        case packet(Packet)
        /// The client asked whether the server is there.
        case ping
        /// The client sent a close frame with this payload.
        case close([UInt8])
        /// The client ended its TCP connection.
        case drop
    }

    /// The events of the recording's first WebSocket.
    package var firstEvents: [Event] {
        let first = self.events.first?.connection
        return self.events.filter { $0.connection == first }
    }

    /// The head with which the client asked for the upgrade, where it was recorded.
    package var request: String? { self.firstEvents.first { $0.name == "http-request" }?.text }

    /// The head with which its server answered, where there was one.
    package var response: String? { self.firstEvents.first { $0.name == "http-response" }?.text }

    /// What happened on the first WebSocket after the upgrade.
    package var steps: [Step] {
        var (fromClient, fromServer) = (RecordedBytes(isFromClient: true), RecordedBytes(isFromClient: false))
        return self.firstEvents.flatMap { event -> [Step] in
            switch (event.opcode, event.isFromClient) {
            case ("ping", true): [.ping]
            case ("close", true): [.close(event.payload)]
            case ("binary", true), ("cont", true): fromClient.append(event).map { .packet($0) }
            case ("binary", false), ("cont", false): fromServer.append(event).map { .packet($0) }
            case (nil, true) where event.name == "tcp-fin": [.drop]
            case (nil, true) where event.isGap: fromClient.skip()
            case (nil, false) where event.isGap: fromServer.skip()
            default: []
            }
        }
    }
}

extension Transcript.Frame {
    /// Reads how a frame is cut.
    ///
    /// - Parameter frame: the frame.
    package init(_ frame: RawFrame) {
        self.init(
            isContinuation: frame.opcode == .continuation,
            length: frame.payload.count,
            isFinal: frame.isFinal
        )
    }
}
