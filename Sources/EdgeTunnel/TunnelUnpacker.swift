import EdgeTypes

/// Finds packets in the bytes of a tunnel's messages, joined.
///
///     +---------+--------+----------------------+---------------------+
///     | version | length | header, length bytes | body, as it says    |
///     +---------+--------+----------------------+---------------------+
///
/// Every byte is taken: a header that is cut waits inside, and a body is handed out as ranges of the caller's bytes, so
/// any split of the input gives the same packets. After an error the unpacker is of no further use.
package struct TunnelUnpacker: Sendable {
    /// The first byte of every packet.
    package static let version: UInt8 = 0xFE

    private let limit: Int
    private let readsNames: Bool
    /// Version, length and header of a packet, as far as they came: at most 2 and 255 bytes.
    private var held = InlineArray<257, UInt8>(repeating: 0)
    private var heldCount = 0
    /// Bytes of the present packet's body that are to come.
    private var remaining = 0

    /// Creates an unpacker.
    ///
    /// - Parameters:
    ///   - limits: what is taken at most.
    ///   - readsNames: whether the headers' names are wanted; each costs an allocation.
    package init(limits: TunnelLimits, readsNames: Bool) {
        self.limit = limits.packet.bytes
        self.readsNames = readsNames
    }

    /// Whether the bytes so far end with a packet.
    package var isBetweenPackets: Bool { self.remaining == 0 && self.heldCount == 0 }

    /// Finds what comes next; to be called until it needs bytes.
    ///
    /// - Parameters:
    ///   - bytes: what was received.
    ///   - offset: where to go on, in bytes; moved behind what was taken.
    ///   - end: where to stop, in bytes; inside `bytes`.
    /// - Returns: what was found.
    /// - Throws: the peer's breach.
    package mutating func next(in bytes: RawSpan, offset: inout Int, end: Int) throws(TunnelError) -> TunnelStep {
        guard offset < end else { return .needsBytes }
        if self.remaining > 0 {
            let count = min(self.remaining, end - offset)
            let range = offset..<offset + count
            offset += count
            self.remaining -= count
            return .body(range, endsPacket: self.remaining == 0)
        }
        guard let header = try self.header(in: bytes, offset: &offset, end: end) else { return .needsBytes }
        self.remaining = header.bodyLength
        return .packet(header)
    }

    /// The next header, in place where all of it is there, else put together in `held`.
    private mutating func header(in bytes: RawSpan, offset: inout Int, end: Int) throws(TunnelError) -> TunnelHeader? {
        if self.heldCount == 0, end - offset >= 2 {
            try Self.check(version: bytes.octet(at: offset))
            let first = offset + 2
            let last = first + Int(bytes.octet(at: offset + 1))
            if last <= end {
                offset = last
                return try self.header(bytes.extracting(first..<last))
            }
        }
        while offset < end {
            let octet = bytes.octet(at: offset)
            if self.heldCount == 0 { try Self.check(version: octet) }
            self.held[self.heldCount] = octet
            self.heldCount += 1
            offset += 1
            guard self.heldCount >= 2, self.heldCount == 2 + Int(self.held[1]) else { continue }
            let count = self.heldCount
            self.heldCount = 0
            return try self.header(self.held.span.bytes.extracting(2..<count))
        }
        return nil
    }

    private static func check(version: UInt8) throws(TunnelError) {
        guard version == Self.version else { throw .unknownVersion(version) }
    }

    private func header(_ bytes: RawSpan) throws(TunnelError) -> TunnelHeader {
        try TunnelHeader(bytes, limit: self.limit, readsNames: self.readsNames)
    }
}
