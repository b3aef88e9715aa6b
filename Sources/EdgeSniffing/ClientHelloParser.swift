import EdgeTypes

/// Finds a ClientHello in the first bytes of a connection.
///
/// A hello may be cut over records as its sender likes (RFC 8446 §5.1), and records over segments as the network likes:
/// any cut gives the same hello.
///
///     +------+---------+--------+----------------------+------+---------+--------+-----------
///     | 0x16 | 3 | any | length | part of the message  | 0x16 | 3 | any | length | the next part
///     +------+---------+--------+----------------------+------+---------+--------+-----------
package struct ClientHelloParser: Sendable {
    /// The longest fragment of a record, in bytes (RFC 8446 §5.1).
    package static let maximumFragmentLength = 1 << 14
    /// The header of a record, in bytes.
    private static let recordHeaderLength = 5
    /// The header of a handshake message, in bytes.
    private static let messageHeaderLength = 4
    /// The record type of the handshake.
    private static let handshake: UInt8 = 0x16
    /// The handshake type of a ClientHello.
    private static let clientHello: UInt32 = 1

    /// The longest hello, record headers included, in bytes.
    private let limit: Int

    /// Creates a parser.
    ///
    /// - Parameter limits: how much may be looked at.
    package init(limits: SniffingLimits) {
        self.limit = limits.preface.bytes
    }

    /// Reads a hello.
    ///
    /// - Parameters:
    ///   - bytes: everything received so far, from the first byte.
    ///   - ended: whether the peer will send no more.
    /// - Returns: the hello, that more bytes are needed, or nil when the bytes are no TLS.
    /// - Throws: ``SniffingError/malformedHello(_:)``, or ``SniffingError/prefaceTooLarge(actual:limit:)`` as soon as
    ///   the length is known.
    package func parse(_ bytes: RawSpan, ended: Bool) throws(SniffingError) -> SniffingStep? {
        switch try self.locate(bytes) {
        case .foreign:
            return nil
        case .incomplete(let wanted, let isCertain):
            guard wanted <= self.limit else { throw .prefaceTooLarge(actual: wanted, limit: self.limit) }
            guard ended else { return .needsBytes(atLeast: wanted) }
            guard isCertain else { return nil }
            throw .malformedHello(.endedEarly)
        case .whole(let end, let records, let length):
            guard end <= self.limit else { throw .prefaceTooLarge(actual: end, limit: self.limit) }
            var reader = ClientHelloReader(length: end, recordCount: records)
            if records == 1 {
                try reader.read(bytes.extracting(Self.recordHeaderLength + Self.messageHeaderLength..<end))
            } else {
                let message = self.join(bytes, count: length)
                try reader.read(message.span.bytes.extracting(droppingFirst: Self.messageHeaderLength))
            }
            // RFC 8446 §D.5: a hello of version 0x0300 is aborted, whatever else it says.
            if reader.hello.legacyVersion <= 0x0300 {
                return .detected(.obsoleteTLS(ObsoleteTLS(framing: .records, version: reader.hello.legacyVersion)))
            }
            return .detected(.tls(reader.hello))
        }
    }

    private enum Location {
        /// No TLS.
        case foreign
        /// More bytes are wanted; certain once the first record's header is whole.
        case incomplete(wanted: Int, isCertain: Bool)
        /// The hello ends before an offset of the connection; its message has a length.
        case whole(end: Int, records: Int, length: Int)
    }

    /// Walks over record headers only; nothing is copied.
    private func locate(_ bytes: RawSpan) throws(SniffingError) -> Location {
        var recordStart = 0
        var records = 0
        var joined = 0
        var header: UInt32 = 0
        while true {
            let held = bytes.byteCount - recordStart
            if held > 0, bytes.octet(at: recordStart) != Self.handshake {
                guard records > 0 else { return .foreign }
                throw .malformedHello(.foreignRecord(type: bytes.octet(at: recordStart)))
            }
            if held > 1, bytes.octet(at: recordStart + 1) != 3 {
                guard records > 0 else { return .foreign }
                throw .malformedHello(.foreignRecordVersion(major: bytes.octet(at: recordStart + 1)))
            }
            guard held >= Self.recordHeaderLength else {
                let wanted = held < 2 ? held + 1 : Self.recordHeaderLength
                return .incomplete(wanted: recordStart + wanted, isCertain: records > 0)
            }
            let fragment = Int(bytes.uint16(at: recordStart + 3))
            guard fragment > 0 else { throw .malformedHello(.emptyRecord) }
            guard fragment <= Self.maximumFragmentLength else {
                throw .malformedHello(.recordTooLong(actual: fragment, limit: Self.maximumFragmentLength))
            }
            let start = recordStart + Self.recordHeaderLength
            let available = min(fragment, bytes.byteCount - start)
            var index = 0
            while index < available, joined + index < Self.messageHeaderLength {
                header = header << 8 | UInt32(bytes.octet(at: start + index))
                if joined + index == 0, header != Self.clientHello {
                    throw .malformedHello(.notAClientHello(type: UInt8(truncatingIfNeeded: header)))
                }
                index += 1
            }
            records += 1
            let isLengthKnown = joined + available >= Self.messageHeaderLength
            let length = Self.messageHeaderLength + (isLengthKnown ? Int(header & 0xFF_FFFF) : 0)
            let missing = length - joined
            // What goes beyond this record needs the header of another one at least.
            let least = start + missing + (missing > fragment ? Self.recordHeaderLength : 0)
            guard least <= self.limit else { throw .prefaceTooLarge(actual: least, limit: self.limit) }
            if isLengthKnown, missing <= available {
                return .whole(end: start + missing, records: records, length: length)
            }
            guard available == fragment else {
                return .incomplete(wanted: start + min(fragment, missing), isCertain: true)
            }
            joined += fragment
            recordStart = start + fragment
        }
    }

    /// The message out of its records; the walk has shown that they are whole.
    private func join(_ bytes: RawSpan, count: Int) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(count)
        var recordStart = 0
        while message.count < count {
            let start = recordStart + Self.recordHeaderLength
            let fragment = Int(bytes.uint16(at: recordStart + 3))
            bytes.append(start..<start + min(fragment, count - message.count), to: &message)
            recordStart = start + fragment
        }
        return message
    }
}
