/// One side of a recorded tunnel as the stream of bytes that it is: its packets, over however many messages and frames.
struct RecordedBytes: Sendable {
    private let isFromClient: Bool
    private var bytes: [UInt8] = []
    private var frames: [Transcript.Frame] = []
    private var isCut = false
    private var isBehindGap = false

    /// Creates a reader.
    ///
    /// - Parameter isFromClient: whose side it is.
    init(isFromClient: Bool) {
        self.isFromClient = isFromClient
    }

    /// Forgets what was begun: messages were left out, and its rest with them.
    ///
    /// - Returns: no steps.
    mutating func skip() -> [Transcript.Step] {
        self.begin()
        self.isBehindGap = true
        return []
    }

    /// Adds a frame.
    ///
    /// - Parameter event: a binary frame, or one that goes on with a message.
    /// - Returns: the packets that are whole with it; none before its message has ended.
    mutating func append(_ event: Transcript.Event) -> [Transcript.Packet] {
        // Behind a gap comes the rest of what began in it.
        if self.isBehindGap, event.opcode != "binary" || event.payload.first != 0xFE { return [] }
        self.isBehindGap = false
        self.bytes += event.filledPayload
        self.isCut = self.isCut || event.isCut
        self.frames.append(
            Transcript.Frame(isContinuation: event.opcode == "cont", length: event.length, isFinal: event.isFinal)
        )
        var packets: [Transcript.Packet] = []
        while event.isFinal, let packet = self.next() {
            packets.append(
                Transcript.Packet(
                    packet: packet,
                    isFromClient: self.isFromClient,
                    isCut: self.isCut,
                    frames: self.frames
                )
            )
            if self.bytes.isEmpty { self.begin() }
        }
        return packets
    }

    private mutating func begin() {
        (self.bytes, self.frames, self.isCut) = ([], [], false)
    }

    private mutating func next() -> RawPacket? {
        guard self.bytes.count >= 2, self.bytes.count >= 2 + Int(self.bytes[1]) else { return nil }
        let head = 2 + Int(self.bytes[1])
        let header = String(decoding: self.bytes[2..<head], as: UTF8.self)
        let fields = header.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 5, let length = Int(fields[3]), self.bytes.count >= head + length else { return nil }
        defer { self.bytes.removeFirst(head + length) }
        return RawPacket(header: header, body: Array(self.bytes[head..<head + length]))
    }
}
