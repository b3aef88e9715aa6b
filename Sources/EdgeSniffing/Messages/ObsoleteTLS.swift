/// A hello of a version that must not be negotiated (RFC 6176, RFC 7568).
package struct ObsoleteTLS: Equatable, Sendable {
    /// How the hello was framed.
    package enum Framing: Equatable, Sendable {
        /// The two-byte header of SSL 2.0.
        case ssl2
        /// The records of SSL 3.0 and TLS.
        case records
    }

    /// How the hello was framed.
    package let framing: Framing
    /// The highest version that the client speaks: 0x0002, 0x0300, or higher in the framing of SSL 2.0.
    package let version: UInt16

    /// Creates a description of an obsolete hello.
    ///
    /// - Parameters:
    ///   - framing: how the hello was framed.
    ///   - version: the highest version that the client speaks.
    package init(framing: Framing, version: UInt16) {
        self.framing = framing
        self.version = version
    }

    /// The bytes that tell the client why it is refused, in a form that it can read.
    ///
    /// RFC 8446 §D.5: a hello of version 0x0300 is answered with the alert `protocol_version`. A client that wraps a
    /// later version in the hello of SSL 2.0 reads records too (RFC 5246 §E.2). One of SSL 2.0 alone must be aborted
    /// (RFC 6176 §3) and reads no records: it gets that protocol's ERROR message with NO-CIPHER-ERROR, the one code for
    /// "nothing in common" that it knows.
    package var refusal: [UInt8] {
        if self.version == 0x0002 { return [0x80, 0x03, 0x00, 0x00, 0x01] }
        return TLSAlert.protocolVersion.record(version: min(max(self.version, 0x0300), 0x0303))
    }
}
