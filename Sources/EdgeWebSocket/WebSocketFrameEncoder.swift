/// Writes frames, unfragmented and without extensions (RFC 6455 §5.2).
package enum WebSocketFrameEncoder {
    /// The longest header, in bytes: what must be free before a payload.
    package static let maximumHeaderLength = 14

    /// How long a frame's header is.
    ///
    /// - Parameters:
    ///   - payloadLength: bytes of payload.
    ///   - masked: whether the header holds a masking key.
    /// - Returns: its length in bytes.
    package static func headerLength(payloadLength: Int, masked: Bool) -> Int {
        let extended = payloadLength <= 125 ? 0 : payloadLength <= 0xFFFF ? 2 : 8
        return 2 + extended + (masked ? 4 : 0)
    }

    /// Writes the header of a whole message into the bytes before its payload.
    ///
    /// - Parameters:
    ///   - opcode: what the frame carries.
    ///   - payloadLength: bytes of payload.
    ///   - maskingKey: the key, as ``WebSocketMask`` takes it; nil for a server, which does not mask (RFC 6455 §5.1).
    ///   - bytes: where the payload lies, with free bytes before it.
    ///   - end: where the payload begins, in bytes.
    /// - Returns: where the header begins, in bytes.
    @discardableResult
    package static func writeHeader(
        opcode: WebSocketOpcode,
        payloadLength: Int,
        maskingKey: UInt32?,
        into bytes: inout MutableRawSpan,
        endingAt end: Int
    ) -> Int {
        let start = end - self.headerLength(payloadLength: payloadLength, masked: maskingKey != nil)
        precondition(start >= 0 && end <= bytes.byteCount, "no room for a frame's header")
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        bytes.storeBytes(of: 0x80 | opcode.rawValue, toByteOffset: start, as: UInt8.self)
        if payloadLength <= 125 {
            let length = UInt8(truncatingIfNeeded: payloadLength)
            bytes.storeBytes(of: mask | length, toByteOffset: start + 1, as: UInt8.self)
        } else if payloadLength <= 0xFFFF {
            let length = UInt16(truncatingIfNeeded: payloadLength)
            bytes.storeBytes(of: mask | 126, toByteOffset: start + 1, as: UInt8.self)
            bytes.storeBytes(of: length.bigEndian, toByteOffset: start + 2, as: UInt16.self)
        } else {
            bytes.storeBytes(of: mask | 127, toByteOffset: start + 1, as: UInt8.self)
            bytes.storeBytes(of: UInt64(payloadLength).bigEndian, toByteOffset: start + 2, as: UInt64.self)
        }
        if let maskingKey {
            bytes.storeBytes(of: maskingKey.bigEndian, toByteOffset: end - 4, as: UInt32.self)
        }
        return start
    }

    /// Makes a whole frame, for payloads that are small.
    ///
    /// - Parameters:
    ///   - opcode: what the frame carries; a control frame's payload is at most 125 bytes (RFC 6455 §5.5).
    ///   - payload: the payload, in the clear.
    ///   - maskingKey: the key, as ``WebSocketMask`` takes it; nil for a server.
    /// - Returns: header and payload, masked where there is a key.
    package static func frame(_ opcode: WebSocketOpcode, payload: [UInt8], maskingKey: UInt32?) -> [UInt8] {
        precondition(!opcode.isControl || payload.count <= WebSocketLimits.control, "a control frame of over 125 bytes")
        let start = self.headerLength(payloadLength: payload.count, masked: maskingKey != nil)
        var frame = [UInt8](repeating: 0, count: start)
        frame.reserveCapacity(start + payload.count)
        frame += payload
        var octets = frame.mutableSpan
        var span = octets.mutableBytes
        self.writeHeader(
            opcode: opcode,
            payloadLength: payload.count,
            maskingKey: maskingKey,
            into: &span,
            endingAt: start
        )
        if let maskingKey {
            WebSocketMask.apply(key: maskingKey, to: &span, range: start..<start + payload.count, phase: 0)
        }
        return frame
    }

    /// Makes the payload of a close frame (RFC 6455 §5.5.1).
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - reason: the same for a person; cut to the 123 bytes that fit, between characters.
    /// - Returns: code and reason.
    package static func closePayload(_ code: WebSocketCloseCode, reason: String) -> [UInt8] {
        var payload = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)]
        for character in reason {
            guard payload.count + character.utf8.count <= WebSocketLimits.control else { break }
            payload += character.utf8
        }
        return payload
    }
}
