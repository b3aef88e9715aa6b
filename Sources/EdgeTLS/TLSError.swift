package import EdgeOpenSSL

/// Why TLS did not go on.
package enum TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The connection could not be set up: no memory, or a name that cannot be asked for. Our fault.
    case setup(OpenSSLError)
    /// The handshake failed. The peer's fault, or the operator's who has no certificate or version for it.
    case handshake(OpenSSLError)
    /// A record could not be read or written after the handshake. The peer's fault, or somebody's on the way.
    case record(OpenSSLError)
    /// The bytes ended without close_notify (RFC 8446 §6.1). The peer's fault, or somebody's on the way.
    case truncated
    /// Application data was sent before the handshake was done or after close_notify. Our fault.
    case notOpen

    /// The error in words, without secrets.
    package var description: String {
        switch self {
        case .setup(let error): "TLS could not begin: \(error)"
        case .handshake(let error): "the TLS handshake failed: \(error)"
        case .record(let error): "TLS failed: \(error)"
        case .truncated: "the connection ended without close_notify"
        case .notOpen: "the TLS connection is not open for sending"
        }
    }
}
