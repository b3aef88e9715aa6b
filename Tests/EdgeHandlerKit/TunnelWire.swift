package import EdgeTunnel
package import EdgeWebSocket

/// Reads what a side of a tunnel writes.
package struct TunnelWire {
    /// A packet.
    package struct Packet: Equatable {
        /// What its header says.
        package var header: TunnelHeader
        /// Its body.
        package var body: [UInt8] = []
        /// Whether the packet is a frame of its own.
        package var isWholeFrame = false

        /// Creates a packet.
        ///
        /// - Parameters:
        ///   - header: what its header says.
        ///   - body: its body.
        ///   - isWholeFrame: whether the packet is a frame of its own.
        package init(header: TunnelHeader, body: [UInt8] = [], isWholeFrame: Bool = false) {
            self.header = header
            self.body = body
            self.isWholeFrame = isWholeFrame
        }
    }

    /// What was read.
    package struct Read: Equatable {
        /// Packets, in their order.
        package var packets: [Packet] = []
        /// How many pings.
        package var pings = 0
        /// What pongs said.
        package var pongs: [[UInt8]] = []
        /// What close frames said.
        package var closes: [WebSocketCloseCode?] = []

        /// Creates what nobody has read yet.
        ///
        /// - Parameter closes: what close frames said.
        package init(closes: [WebSocketCloseCode?] = []) {
            self.closes = closes
        }
    }

    private var decoder: WebSocketFrameDecoder
    private var unpacker = TunnelUnpacker(limits: TunnelLimits(), readsNames: true)

    /// Creates a reader of frames that have masks, or of frames that must not have them.
    ///
    /// - Parameter masked: whether they have.
    package init(masked: Bool) {
        self.decoder = WebSocketFrameDecoder(expectsMask: masked, limits: WebSocketLimits(message: 64 << 20))
    }

    /// Reads bytes that end with a frame.
    ///
    /// - Parameter bytes: what the side wrote.
    /// - Returns: what they say.
    /// - Throws: what is wrong with them.
    package mutating func read(_ bytes: [UInt8]) throws -> Read {
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

    /// A packet in one frame, as an agent writes it.
    ///
    /// - Parameter packet: header and body.
    /// - Returns: the frame.
    package static func masked(_ packet: [UInt8]) -> [UInt8] {
        WebSocketFrameEncoder.frame(.binary, payload: packet, maskingKey: 0x1234_5678)
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
