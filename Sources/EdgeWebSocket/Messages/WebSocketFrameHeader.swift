/// The bytes before a frame's payload (RFC 6455 §5.2).
///
///     +-+-+-+-+-------+-+-------------+-------------------------------+-------------------------------+
///     |F|R|R|R| opcode|M| length      | length if 126 (2), 127 (8)    | masking key if M (4)          |
///     +-+-+-+-+-------+-+-------------+-------------------------------+-------------------------------+
struct WebSocketFrameHeader {
    /// The longest header, in bytes: two, eight of length, four of key.
    static let maximumLength = 14

    /// What the frame carries.
    let opcode: WebSocketOpcode
    /// Whether the frame is the last of its message.
    let isFinal: Bool
    /// The masking key, the first byte on the wire being the most significant; nil for a frame in the clear.
    let maskingKey: UInt32?
    /// Bytes of payload.
    let payloadLength: Int

    /// How long the header is whose first bytes these are.
    ///
    /// - Parameter second: the second byte of the header.
    /// - Returns: its length in bytes.
    static func length(second: UInt8) -> Int {
        let extended =
            switch second & 0x7F {
            case 126: 2
            case 127: 8
            default: 0
            }
        return 2 + extended + (second & 0x80 == 0 ? 0 : 4)
    }

    /// Reads a whole header.
    ///
    /// - Parameter bytes: at least as many as ``length(second:)`` says.
    /// - Throws: the breach, where the header is no header of this protocol.
    init(_ bytes: RawSpan) throws(WebSocketError) {
        let first = bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
        let second = bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self)
        guard first & 0x70 == 0 else { throw .reservedBits(first & 0x70) }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else { throw .unknownOpcode(first & 0x0F) }
        self.opcode = opcode
        self.isFinal = first & 0x80 != 0
        let short = second & 0x7F
        if opcode.isControl {
            // RFC 6455 §5.5: control frames carry at most 125 bytes and are not fragmented.
            guard self.isFinal else { throw .fragmentedControl(opcode) }
            guard short <= 125 else { throw .controlTooLong(opcode) }
        }
        var offset = 2
        switch short {
        case 126:
            let length = UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt16.self))
            // RFC 6455 §5.2: the minimal number of bytes must be used.
            guard length > 125 else { throw .lengthNotMinimal(UInt64(length)) }
            self.payloadLength = Int(length)
            offset += 2
        case 127:
            let length = UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard length > 0xFFFF else { throw .lengthNotMinimal(length) }
            // RFC 6455 §5.2: the most significant bit must be 0.
            guard let payloadLength = Int(exactly: length) else { throw .lengthOutOfRange(length) }
            self.payloadLength = payloadLength
            offset += 8
        default:
            self.payloadLength = Int(short)
        }
        self.maskingKey =
            second & 0x80 == 0
            ? nil : UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
