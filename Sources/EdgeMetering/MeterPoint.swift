/// Where a meter sits on the way of a byte, from the visitor's socket to the tunnel's.
package enum MeterPoint: String, Sendable, Hashable, CaseIterable {
    /// The visitor's socket, TLS included.
    case visitorRaw = "visitor_raw"
    /// The visitor's bytes as the service sees them.
    case visitorPayload = "visitor_payload"
    /// Tunnel packets: payload with its headers.
    case packer
    /// WebSocket messages: packets with their frames' headers.
    case webSocket = "websocket"
    /// The tunnel's socket, TLS included.
    case tunnelRaw = "tunnel_raw"
}
