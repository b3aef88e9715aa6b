import EdgeTunnel
import EdgeWebSocket

/// Reads what a side of a tunnel writes.
struct TunnelWire {
    /// A packet.
    struct Packet: Equatable {
        var header: TunnelHeader
        var body: [UInt8] = []
        /// Whether the packet is a frame of its own.
        var isWholeFrame = false
    }

    /// What was read.
    struct Read: Equatable {
        var packets: [Packet] = []
        var pings = 0
        var pongs: [[UInt8]] = []
        var closes: [WebSocketCloseCode?] = []
    }

    private var decoder: WebSocketFrameDecoder
    private var unpacker = TunnelUnpacker(limits: TunnelLimits(), readsNames: true)

    /// Creates a reader of frames that have masks, or of frames that must not have them.
    init(masked: Bool) {
        self.decoder = WebSocketFrameDecoder(expectsMask: masked, limits: WebSocketLimits(message: 64 << 20))
    }

    /// Reads bytes that end with a frame.
    mutating func read(_ bytes: [UInt8]) throws -> Read {
        var copy = bytes
        var read = Read()
        var mutable = copy.mutableSpan
        var span = mutable.mutableBytes
        var offset = 0
        while true {
            switch try self.decoder.next(in: &span, offset: &offset) {
            case .needsBytes: return read
            case .ping: read.pings += 1
            case .pong(let payload): read.pongs.append(payload)
            case .close(let code, _): read.closes.append(code)
            case .data(let range, _, _): try self.unpack(span.bytes, range, into: &read)
            }
        }
    }

    private mutating func unpack(_ bytes: RawSpan, _ range: Range<Int>, into read: inout Read) throws {
        var offset = range.lowerBound
        var count = 0
        while true {
            switch try self.unpacker.next(in: bytes, offset: &offset, end: range.upperBound) {
            case .needsBytes:
                guard count == 1, self.unpacker.isBetweenPackets else { return }
                read.packets[read.packets.count - 1].isWholeFrame = true
                return
            case .packet(let header):
                count += 1
                read.packets.append(Packet(header: header))
            case .body(let body, _):
                bytes.extracting(body).withUnsafeBytes { read.packets[read.packets.count - 1].body += Array($0) }
            }
        }
    }
}
