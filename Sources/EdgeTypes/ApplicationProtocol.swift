/// What a connection speaks, as far as its first bytes tell.
package enum ApplicationProtocol: String, Sendable, Hashable, CaseIterable {
    /// TLS of any version that OpenSSL may speak (RFC 8446, RFC 5246).
    case tls
    /// HTTP/1.x in the clear (RFC 9112).
    case http
    /// An HTTP/1.1 request in the clear that asks for a WebSocket (RFC 6455 §4.1).
    case webSocket = "websocket"
    /// HTTP/2 in the clear with prior knowledge (RFC 9113 §3.3).
    case http2
    /// SSH (RFC 4253 §4.2).
    case ssh
    /// Anything else, or nothing at all.
    case opaque
}
