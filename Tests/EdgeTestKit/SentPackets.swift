/// The packets in a client's stream of bytes, however its messages were cut.
struct SentPackets: Sendable {
    /// What matters of a packet that was sent.
    struct Packet: Sendable {
        /// What the stream is known by.
        let stream: String
        /// The service in lower case; empty for plain bytes.
        let service: String
        /// The body of a control packet.
        let text: String
    }

    /// A header's length is one byte, and a control packet is read with its body.
    private var bytes: [UInt8] = []
    private var skip = 0
    private var isNonsense = false

    /// Adds what a message carries.
    ///
    /// - Parameter more: the bytes.
    /// - Returns: the packets that began in them; none any more behind something that is no packet.
    mutating func append(_ more: [UInt8]) -> [Packet] {
        guard !self.isNonsense else { return [] }
        let skipped = min(self.skip, more.count)
        self.skip -= skipped
        self.bytes += more[skipped...]
        var packets: [Packet] = []
        while let packet = self.next() { packets.append(packet) }
        return packets
    }

    private mutating func next() -> Packet? {
        guard self.bytes.count >= 2 else { return nil }
        let head = 2 + Int(self.bytes[1])
        guard self.bytes.count >= head else { return nil }
        let fields = String(decoding: self.bytes[2..<head], as: UTF8.self).split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        guard self.bytes[0] == 0xFE, fields.count >= 5, let length = Int(fields[3]), length >= 0 else {
            self.isNonsense = true
            return nil
        }
        let service = fields[4].lowercased()
        guard service != "control" || self.bytes.count >= head + length else { return nil }
        let present = min(length, self.bytes.count - head)
        let text = service == "control" ? String(decoding: self.bytes[head..<head + length], as: UTF8.self) : ""
        self.bytes.removeFirst(head + present)
        self.skip = length - present
        return Packet(stream: fields.prefix(3).joined(separator: ","), service: service, text: text)
    }
}
