/// How a ClientHello breaks its rules; always the peer's fault.
package enum HelloBreach: Equatable, Sendable {
    /// The peer ended its half before the hello was whole.
    case endedEarly
    /// A record of another type between the hello's records (RFC 8446 §5.1).
    case foreignRecord(type: UInt8)
    /// A later record whose version is not of the family 3 (RFC 8446 §5.1).
    case foreignRecordVersion(major: UInt8)
    /// A record without a byte (RFC 8446 §5.1).
    case emptyRecord
    /// A record that is too long (RFC 8446 §5.1).
    case recordTooLong(actual: Int, limit: Int)
    /// A handshake that begins with another message (RFC 8446 §4).
    case notAClientHello(type: UInt8)
    /// A length that does not fit what it stands in.
    case lengthMismatch
    /// One extension twice (RFC 8446 §4.2).
    case duplicateExtension(UInt16)
    /// Two names of the type host_name (RFC 6066 §3).
    case severalServerNames
    /// An application protocol without a byte (RFC 7301 §3.1).
    case emptyApplicationProtocol

    /// The alert that answers the breach (RFC 8446 §6.2).
    package var alert: TLSAlert {
        switch self {
        case .foreignRecord, .notAClientHello: .unexpectedMessage
        case .recordTooLong: .recordOverflow
        case .duplicateExtension, .severalServerNames: .illegalParameter
        case .endedEarly, .foreignRecordVersion, .emptyRecord, .lengthMismatch, .emptyApplicationProtocol: .decodeError
        }
    }
}
