import EdgeWebSocket

/// Feeds a decoder in parts and joins what it hands out into whole messages.
struct FrameReader {
    /// What a peer said.
    enum Event: Equatable {
        case message([UInt8], isText: Bool)
        case ping([UInt8])
        case pong([UInt8])
        case close(WebSocketCloseCode?, String)
    }

    private var decoder: WebSocketFrameDecoder
    private(set) var events: [Event] = []
    /// What came of a message that is not ended.
    private(set) var open: [UInt8] = []

    init(expectsMask: Bool, message: Int = 1 << 20) {
        self.decoder = WebSocketFrameDecoder(expectsMask: expectsMask, limits: WebSocketLimits(message: message))
    }

    /// Gives the decoder bytes, and checks that it takes them all.
    mutating func feed(_ part: some Sequence<UInt8>) throws(WebSocketError) {
        var bytes = Array(part)
        var offset = 0
        while true {
            let step: WebSocketStep
            do {
                var octets = bytes.mutableSpan
                var span = octets.mutableBytes
                step = try self.decoder.next(in: &span, offset: &offset)
            }
            switch step {
            case .needsBytes:
                precondition(offset == bytes.count, "bytes are left")
                return
            case .data(let range, let isText, let endsMessage):
                self.open += bytes[range]
                guard endsMessage else { continue }
                self.events.append(.message(self.open, isText: isText))
                self.open = []
            case .ping(let payload): self.events.append(.ping(payload))
            case .pong(let payload): self.events.append(.pong(payload))
            case .close(let code, let reason): self.events.append(.close(code, reason))
            }
        }
    }

    /// What a peer said in bytes that come in parts.
    static func events(
        in wire: [UInt8],
        cutAt cuts: [Int] = [],
        expectsMask: Bool,
        message: Int = 1 << 20
    ) throws(WebSocketError) -> [Event] {
        var reader = FrameReader(expectsMask: expectsMask, message: message)
        var start = 0
        for cut in cuts + [wire.count] {
            try reader.feed(wire[start..<cut])
            start = cut
        }
        return reader.events
    }
}

/// A frame of whatever kind, also one that the encoder would not write.
func rawFrame(
    _ opcode: UInt8,
    _ payload: [UInt8] = [],
    isFinal: Bool = true,
    reserved: UInt8 = 0,
    key: UInt32? = nil
) -> [UInt8] {
    var wire: [UInt8] = [(isFinal ? 0x80 : 0) | reserved | opcode]
    let mask: UInt8 = key == nil ? 0 : 0x80
    switch payload.count {
    case ...125: wire.append(mask | UInt8(payload.count))
    case ...0xFFFF: wire += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default: wire += [mask | 127] + (0..<8).map { UInt8(payload.count >> ((7 - $0) * 8) & 255) }
    }
    guard let key else { return wire + payload }
    let octets = (0..<4).map { UInt8(truncatingIfNeeded: key >> ((3 - UInt32($0)) * 8)) }
    return wire + octets + payload.enumerated().map { $1 ^ octets[$0 % 4] }
}
