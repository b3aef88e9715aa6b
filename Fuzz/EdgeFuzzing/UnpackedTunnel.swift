import EdgeTunnel
import EdgeTypes

/// What an unpacker made of bytes.
struct UnpackedTunnel: Equatable {
    /// The longest body that is taken, in bytes.
    static let limit = 4096

    /// The headers, in their order.
    private(set) var headers: [TunnelHeader] = []
    /// All bodies, joined.
    private(set) var body: [UInt8] = []
    /// Where each body that is not empty ends.
    private(set) var ends: [Int] = []
    /// The breach that ended it.
    private(set) var error: TunnelError?
    /// Whether the bytes end with a packet.
    private(set) var endsWithPacket = true

    /// Unpacks bytes that come in parts.
    ///
    /// - Parameters:
    ///   - data: the bytes.
    ///   - cuts: where the parts begin, in ascending order.
    /// - Throws: the promise that was broken.
    init(_ data: [UInt8], cutAt cuts: [Int]) throws(FuzzFinding) {
        let limits = TunnelLimits(packet: ByteCount(Self.limit))
        var unpacker = TunnelUnpacker(limits: limits, readsNames: true)
        let span = data.span.bytes
        var offset = 0
        for end in cuts + [data.count] {
            var isDone = false
            while !isDone {
                let step: TunnelStep
                do throws(TunnelError) {
                    step = try unpacker.next(in: span, offset: &offset, end: end)
                } catch {
                    self.error = error
                    return
                }
                isDone = try self.add(step, data, offset: offset, end: end)
            }
        }
        self.endsWithPacket = unpacker.isBetweenPackets
    }

    private mutating func add(
        _ step: TunnelStep,
        _ data: [UInt8],
        offset: Int,
        end: Int
    ) throws(FuzzFinding) -> Bool {
        switch step {
        case .needsBytes:
            try FuzzFinding.unless(offset == end, "leaves bytes")
            return true
        case .packet(let header):
            let isBounded = header.bodyLength >= 0 && header.bodyLength <= Self.limit
            try FuzzFinding.unless(isBounded, "a body above the limit")
            self.headers.append(header)
        case .body(let part, let endsPacket):
            try FuzzFinding.unless(part.upperBound == offset && !part.isEmpty, "hands out what it did not take")
            self.body += data[part]
            if endsPacket { self.ends.append(self.body.count) }
        }
        return false
    }
}
