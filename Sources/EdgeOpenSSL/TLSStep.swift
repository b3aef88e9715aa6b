/// What a call into OpenSSL came to.
package enum TLSStep: Sendable, Equatable {
    /// The handshake is done.
    case done
    /// Nothing more can be had from the bytes so far.
    case needsBytes
    /// There is more to read than room for it.
    case outputFull
    /// The peer will send nothing more: close_notify (RFC 8446 §6.1).
    case closed
    /// The connection is over.
    case failed(OpenSSLError)
}
