import EdgeTunnel
import EdgeWebSocket
import NIOCore

/// Packets as a foreign peer of a tunnel would read and write them.
struct TunnelWire {
    /// A packet that was read.
    struct Packet: Equatable {
        var header: TunnelHeader
        var body: [UInt8] = []
    }

    private var decoder: WebSocketFrameDecoder
    private var unpacker = TunnelUnpacker(limits: TunnelLimits(), readsNames: true)

    /// Creates a reader.
    ///
    /// - Parameter masked: whether the frames that are read have masks.
    init(masked: Bool) {
        self.decoder = WebSocketFrameDecoder(expectsMask: masked, limits: WebSocketLimits(message: 64 << 20))
    }

    /// Reads all packets of some bytes, which end with a packet.
    mutating func read(_ bytes: [UInt8]) throws -> [Packet] {
        var copy = bytes
        var packets: [Packet] = []
        var mutable = copy.mutableSpan
        var span = mutable.mutableBytes
        var offset = 0
        while true {
            guard case .data(let range, _, _) = try self.decoder.next(in: &span, offset: &offset) else { break }
            let data = span.bytes
            var position = range.lowerBound
            unpacking: while true {
                switch try self.unpacker.next(in: data, offset: &position, end: range.upperBound) {
                case .needsBytes: break unpacking
                case .packet(let header): packets.append(Packet(header: header))
                case .body(let body, _):
                    data.extracting(body).withUnsafeBytes { packets[packets.count - 1].body += Array($0) }
                }
            }
        }
        return packets
    }

    /// A packet in one frame as an agent writes it.
    static func masked(_ packet: [UInt8]) -> [UInt8] {
        WebSocketFrameEncoder.frame(.binary, payload: packet, maskingKey: 0x1234_5678)
    }
}
