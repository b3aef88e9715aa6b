import EdgeTunnel
import EdgeWebSocket

/// What the pass over a tunnel's plaintext found, in order; acted on after the pass, when the buffer may be sliced.
enum CarrierNote {
    /// A packet begins.
    case packet(TunnelHeader)
    /// Bytes of the packet's body, as a range of the plaintext.
    case body(Range<Int>, endsPacket: Bool)
    /// The peer wants a pong.
    case ping([UInt8])
    /// The peer is alive.
    case pong
    /// The peer closes the WebSocket.
    case close(WebSocketCloseCode?)
}
