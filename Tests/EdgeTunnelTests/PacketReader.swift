import EdgeTunnel

/// Feeds an unpacker in parts and joins what it hands out into whole packets.
struct PacketReader {
    /// A packet, whole.
    struct Packet: Equatable {
        var header: TunnelHeader
        var body: [UInt8] = []
        var isWhole: Bool
    }

    private var unpacker: TunnelUnpacker
    private(set) var packets: [Packet] = []

    init(limits: TunnelLimits = TunnelLimits(), readsNames: Bool = true) {
        self.unpacker = TunnelUnpacker(limits: limits, readsNames: readsNames)
    }

    /// Whether the bytes so far end with a packet.
    var isBetweenPackets: Bool { self.unpacker.isBetweenPackets }

    /// Gives the unpacker bytes, and checks that it takes them all and no others.
    mutating func feed(_ part: some Sequence<UInt8>) throws(TunnelError) {
        let margin: [UInt8] = [0xFE, 0xFE]
        let bytes = margin + Array(part) + margin
        let end = bytes.count - margin.count
        var offset = margin.count
        while true {
            switch try self.unpacker.next(in: bytes.span.bytes, offset: &offset, end: end) {
            case .needsBytes:
                precondition(offset == end, "bytes are left")
                return
            case .packet(let header):
                self.packets.append(Packet(header: header, isWhole: header.bodyLength == 0))
            case .body(let range, let endsPacket):
                precondition(range.lowerBound >= margin.count && range.upperBound <= end, "bytes of others are taken")
                let last = self.packets.count - 1
                self.packets[last].body += bytes[range]
                self.packets[last].isWhole = endsPacket
            }
        }
    }

    /// The packets in bytes that come in parts.
    static func packets(
        in wire: [UInt8],
        cutAt cuts: [Int] = [],
        limits: TunnelLimits = TunnelLimits()
    ) throws(TunnelError) -> [Packet] {
        var reader = PacketReader(limits: limits)
        var start = 0
        for cut in cuts + [wire.count] {
            try reader.feed(wire[start..<cut])
            start = cut
        }
        return reader.packets
    }
}

/// A packet with whatever header.
func rawPacket(_ header: String, _ body: [UInt8] = []) -> [UInt8] {
    [0xFE, UInt8(header.utf8.count)] + Array(header.utf8) + body
}
