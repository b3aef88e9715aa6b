import EdgeTunnel
import EdgeTypes
import EdgeWebSocket

/// The work that every packet of a tunnel costs beside its encryption.
enum TunnelOperations {
    /// The body of a full packet, in bytes: a record's payload less its headers.
    private static let body = 16_000
    private static let headroom = 512

    /// - Returns: the operations.
    static func all() -> [Operation] {
        [
            self.packing(), self.wholePacket(), self.unpacking(), self.unmasking(), self.frames(16_000),
            self.frames(1_100),
        ]
    }

    private static var label: TunnelLabel {
        TunnelLabel(
            id: StreamID(address: NetworkAddress(ipv4: 0xCB00_714D), port: 50_123),
            service: .https,
            servicePort: 443,
            name: Hostname("app.customer-4711.example.com"),
            fields: .seven
        )
    }

    /// Packet and frame header before a body of 16 KB, as the relay writes them.
    private static func packing() -> Operation {
        let label = self.label
        return Operation.repeating("packer.pack.16000", bytes: self.body) { repetitions in
            var bytes = [UInt8](repeating: 7, count: Self.headroom + Self.body)
            var octets = bytes.mutableSpan
            var span = octets.mutableBytes
            for _ in 0..<repetitions {
                let start = TunnelPacker.writeHeader(
                    label: label,
                    service: .data,
                    bodyLength: Self.body,
                    into: &span,
                    endingAt: Self.headroom
                )
                let first = WebSocketFrameEncoder.writeHeader(
                    opcode: .binary,
                    payloadLength: Self.headroom - start + Self.body,
                    maskingKey: nil,
                    into: &span,
                    endingAt: start
                )
                keep(first)
            }
        }
    }

    /// A packet of its own for the end of a stream.
    private static func wholePacket() -> Operation {
        let label = self.label
        return Operation.single("packer.end") { keep(TunnelPacker.packet(label: label, service: .end, body: [])) }
    }

    /// One packet of 16 KB taken apart, its frame already.
    private static func unpacking() -> Operation {
        let packet = TunnelPacker.packet(
            label: self.label,
            service: .data,
            body: [UInt8](repeating: 7, count: Self.body)
        )
        return Operation.repeating("packer.unpack.16000", bytes: self.body) { repetitions in
            var unpacker = TunnelUnpacker(limits: TunnelLimits(), readsNames: false)
            for _ in 0..<repetitions {
                var offset = 0
                while let step = try? unpacker.next(in: packet.span.bytes, offset: &offset, end: packet.count),
                    step != .needsBytes
                {
                    keep(step)
                }
            }
        }
    }

    /// The mask alone, over a read's worth of bytes.
    private static func unmasking() -> Operation {
        let size = 256 << 10
        return Operation.repeating("websocket.unmask.262144", bytes: size) { repetitions in
            var bytes = [UInt8](repeating: 7, count: size)
            var octets = bytes.mutableSpan
            var span = octets.mutableBytes
            for _ in 0..<repetitions {
                WebSocketMask.apply(key: 0x1234_5678, to: &span, range: 3..<size, phase: 1)
            }
            keep(span.bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
        }
    }

    /// Masked frames of one payload each, found in what a read of 256 KiB holds; a repetition is one frame.
    private static func frames(_ payload: Int) -> Operation {
        let frame = WebSocketFrameEncoder.frame(
            .binary,
            payload: [UInt8](repeating: 7, count: payload),
            maskingKey: 0x1234_5678
        )
        let count = (256 << 10) / frame.count
        return Operation.repeating("websocket.frame.\(payload)", bytes: payload) { repetitions in
            var bytes: [UInt8] = []
            for _ in 0..<count { bytes += frame }
            var octets = bytes.mutableSpan
            var span = octets.mutableBytes
            var decoder = WebSocketFrameDecoder(expectsMask: true, limits: WebSocketLimits())
            var left = repetitions
            while left > 0 {
                var offset = 0
                while left > 0, let step = try? decoder.next(in: &span, offset: &offset), step != .needsBytes {
                    left -= 1
                    keep(step)
                }
            }
        }
    }
}
