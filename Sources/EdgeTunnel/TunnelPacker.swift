/// Writes packets: header into the bytes before a body, or small packets as a whole.
package enum TunnelPacker {
    /// The longest header with the two bytes before it: what must be free before a body.
    package static let maximumHeaderLength = 2 + TunnelLabel.maximumLength

    /// How long a packet's header is.
    ///
    /// - Parameters:
    ///   - label: the stream's label.
    ///   - service: what the packet is for; data is called what the label says.
    ///   - bodyLength: bytes of the body, below ten gigabytes.
    /// - Returns: its length in bytes, the two leading bytes included.
    package static func headerLength(label: TunnelLabel, service: TunnelService, bodyLength: Int) -> Int {
        2 + label.prefix.count + self.digits(bodyLength) + label.suffix(for: service).count
    }

    /// Writes a packet's header into the bytes before its body.
    ///
    /// - Parameters:
    ///   - label: the stream's label.
    ///   - service: what the packet is for; data is called what the label says.
    ///   - bodyLength: bytes of the body, below ten gigabytes.
    ///   - bytes: where the body lies, with free bytes before it.
    ///   - end: where the body begins, in bytes.
    /// - Returns: where the header begins, in bytes.
    @discardableResult
    package static func writeHeader(
        label: TunnelLabel,
        service: TunnelService,
        bodyLength: Int,
        into bytes: inout MutableRawSpan,
        endingAt end: Int
    ) -> Int {
        let suffix = label.suffix(for: service)
        let digits = self.digits(bodyLength)
        let length = label.prefix.count + digits + suffix.count
        let start = end - 2 - length
        precondition(start >= 0 && end <= bytes.byteCount, "no room for a packet's header")
        precondition(length <= TunnelLabel.maximumLength, "a header of over 255 bytes")
        bytes.withUnsafeMutableBytes { buffer in
            buffer[start] = TunnelUnpacker.version
            buffer[start + 1] = UInt8(truncatingIfNeeded: length)
            let number = start + 2 + label.prefix.count
            UnsafeMutableRawBufferPointer(rebasing: buffer[start + 2..<number]).copyBytes(from: label.prefix)
            var rest = bodyLength
            var position = number + digits
            repeat {
                position -= 1
                buffer[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while position > number
            UnsafeMutableRawBufferPointer(rebasing: buffer[number + digits..<end]).copyBytes(from: suffix)
        }
        return start
    }

    /// Makes a whole packet, for bodies that are small.
    ///
    /// - Parameters:
    ///   - label: the stream's label.
    ///   - service: what the packet is for.
    ///   - body: its body.
    /// - Returns: header and body.
    package static func packet(label: TunnelLabel, service: TunnelService, body: [UInt8]) -> [UInt8] {
        let start = self.headerLength(label: label, service: service, bodyLength: body.count)
        var packet = [UInt8](repeating: 0, count: start)
        packet.reserveCapacity(start + body.count)
        packet += body
        var octets = packet.mutableSpan
        var span = octets.mutableBytes
        self.writeHeader(label: label, service: service, bodyLength: body.count, into: &span, endingAt: start)
        return packet
    }

    /// Makes the packet of a control message.
    ///
    /// - Parameter message: what to say.
    /// - Returns: header and body.
    package static func control(_ message: ControlMessage) -> [UInt8] {
        let body = Array(message.json.utf8)
        let header = Array(",,,\(body.count),control".utf8)
        return [TunnelUnpacker.version, UInt8(truncatingIfNeeded: header.count)] + header + body
    }

    private static func digits(_ number: Int) -> Int {
        precondition(number >= 0 && number < 10_000_000_000, "a body of ten gigabytes or of less than nothing")
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
