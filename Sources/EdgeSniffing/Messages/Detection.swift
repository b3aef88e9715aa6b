package import EdgeTypes

/// What the first bytes of a connection are.
package enum Detection: Equatable, Sendable {
    /// A ClientHello (RFC 8446 §4.1.2).
    case tls(ClientHello)
    /// The head of an HTTP/1.x request (RFC 9112).
    case http(HTTPPreface)
    /// The client's preface of HTTP/2 with prior knowledge (RFC 9113 §3.4).
    case http2Preface
    /// The identification string of SSH (RFC 4253 §4.2).
    case ssh(SSHBanner)
    /// A hello of SSL 2.0 or 3.0.
    case obsoleteTLS(ObsoleteTLS)
    /// None of these.
    case opaque

    /// What the connection speaks; a version of SSL that nobody serves is opaque.
    package var applicationProtocol: ApplicationProtocol {
        switch self {
        case .tls: .tls
        case .http(let preface): preface.isWebSocketUpgrade ? .webSocket : .http
        case .http2Preface: .http2
        case .ssh: .ssh
        case .obsoleteTLS, .opaque: .opaque
        }
    }
}
