import EdgeOpenSSL

/// A WebSocket frame made and read by hand, so that the product's own code is not its own witness (RFC 6455 §5.2).
package struct RawFrame: Sendable, Equatable {
    /// What a frame is.
    package enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    /// Whether the message ends here.
    package var isFinal: Bool
    /// What it is.
    package var opcode: Opcode
    /// What it carries, unmasked.
    package var payload: [UInt8]

    /// Creates a frame.
    ///
    /// - Parameters:
    ///   - opcode: what it is.
    ///   - payload: what it carries.
    ///   - isFinal: whether the message ends here.
    package init(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
        (self.opcode, self.payload, self.isFinal) = (opcode, payload, isFinal)
    }

    /// The frame on the wire.
    ///
    /// - Parameter isMasked: true from the side that dialled (§5.3).
    /// - Returns: its bytes.
    package func bytes(isMasked: Bool) -> [UInt8] {
        let bit: UInt8 = isMasked ? 0x80 : 0
        var bytes: [UInt8] = [(self.isFinal ? 0x80 : 0) | self.opcode.rawValue]
        switch self.payload.count {
        case ..<126: bytes.append(bit | UInt8(self.payload.count))
        case ..<65_536:
            bytes.append(bit | 126)
            bytes += [UInt8(self.payload.count >> 8), UInt8(self.payload.count & 0xFF)]
        default:
            bytes.append(bit | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: self.payload.count >> (56 - 8 * $0)) }
        }
        guard isMasked else { return bytes + self.payload }
        let mask = RandomBytes.make(count: 4)
        return bytes + mask + Self.masked(self.payload, mask)
    }

    /// The payload under a mask (§5.3), eight bytes at once: megabytes go this way.
    private static func masked(_ payload: [UInt8], _ mask: [UInt8]) -> [UInt8] {
        var payload = payload
        let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(mask[$1 & 3]) << (8 * UInt64($1)) }
        payload.withUnsafeMutableBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                bytes.storeBytes(of: value ^ word.littleEndian, toByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            while offset < bytes.count {
                bytes[offset] ^= mask[offset & 3]
                offset += 1
            }
        }
        return payload
    }

    /// Reads one frame.
    ///
    /// - Parameters:
    ///   - connection: where it comes from.
    ///   - deadline: when to give up.
    /// - Returns: the frame; nil when the peer ends before it.
    /// - Throws: ``JourneyFailure`` when nothing comes, or no frame.
    package static func read(
        from connection: any ByteConnection,
        by deadline: Deadline = Deadline()
    ) throws -> RawFrame? {
        let first = try connection.read(1, by: deadline)
        guard let first = first.first else { return nil }
        guard first & 0x70 == 0, let opcode = Opcode(rawValue: first & 0x0F) else {
            throw JourneyFailure("0x\(String(first, radix: 16)) begins no frame")
        }
        let second = try connection.readExactly(1, by: deadline)[0]
        var length = Int(second & 0x7F)
        if length >= 126 {
            let bytes = try connection.readExactly(length == 126 ? 2 : 8, by: deadline)
            length = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        let mask = second & 0x80 == 0 ? [] : try connection.readExactly(4, by: deadline)
        var payload = try connection.readExactly(length, by: deadline)
        if !mask.isEmpty { for index in payload.indices { payload[index] ^= mask[index & 3] } }
        return RawFrame(opcode, payload, isFinal: first & 0x80 != 0)
    }

    /// The code of a close frame (§5.5.1).
    package var closeCode: Int? {
        self.opcode == .close && self.payload.count >= 2 ? Int(self.payload[0]) << 8 | Int(self.payload[1]) : nil
    }

    /// What a server answers to a key (§4.2.2).
    ///
    /// - Parameter key: the client's `Sec-WebSocket-Key`.
    /// - Returns: the value of `Sec-WebSocket-Accept`.
    package static func accept(_ key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Base64.encode(MessageDigest.sha1(Array(text.utf8).span.bytes).span.bytes)
    }
}
