import EdgeOpenSSL

/// The way from HTTP/1.1 to a WebSocket (RFC 6455 §4), on both sides.
package enum WebSocketHandshake {
    /// What the server's answer proves that it understood the request with (RFC 6455 §1.3).
    ///
    /// - Parameter key: the client's `Sec-WebSocket-Key`.
    /// - Returns: the value of `Sec-WebSocket-Accept`.
    package static func accept(for key: String) -> String {
        let joined = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        return Base64.encode(MessageDigest.sha1(joined.span.bytes).span.bytes)
    }

    /// A new `Sec-WebSocket-Key` (RFC 6455 §4.1).
    ///
    /// - Returns: 16 unpredictable bytes in base64.
    package static func newKey() -> String {
        Base64.encode(RandomBytes.make(count: 16).span.bytes)
    }

    /// A text as it may stand in a line of a head: without control characters.
    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
