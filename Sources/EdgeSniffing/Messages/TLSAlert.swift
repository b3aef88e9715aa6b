/// Fatal alerts that are answered without a handshake (RFC 8446 §6.2).
package enum TLSAlert: UInt8, Sendable, Hashable, CaseIterable {
    /// A message that has no place here.
    case unexpectedMessage = 10
    /// A record above 2^14 bytes.
    case recordOverflow = 22
    /// No parameters that both sides accept.
    case handshakeFailure = 40
    /// A field out of its range, or at odds with another.
    case illegalParameter = 47
    /// A message that does not parse.
    case decodeError = 50
    /// A version that is not served.
    case protocolVersion = 70
    /// A failure that is not the peer's.
    case internalError = 80
    /// A name that nobody holds (RFC 6066 §3).
    case unrecognizedName = 112

    /// The record that carries the alert.
    ///
    ///     +------+-----------+--------+-------+-------------+
    ///     | 0x15 | version   | 0 | 2  | fatal | description |
    ///     +------+-----------+--------+-------+-------------+
    ///
    /// - Parameter version: the record's version; TLS 1.3 writes 0x0303 (RFC 8446 §5.1).
    /// - Returns: seven bytes.
    package func record(version: UInt16 = 0x0303) -> [UInt8] {
        let major = UInt8(truncatingIfNeeded: version >> 8)
        let minor = UInt8(truncatingIfNeeded: version)
        return [0x15, major, minor, 0x00, 0x02, 0x02, self.rawValue]
    }
}
