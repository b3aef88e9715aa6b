import EdgeTunnel

/// The requests with which the generations of clients ask for a tunnel.
enum ScenarioRequest {
    /// The request of a generation.
    static func bytes(for profile: ClientProfile) -> [UInt8] {
        let (target, fields) =
            switch profile {
            case .own: ("/", ["User-Agent: rvpn/1.0", "Authorization: Bearer TOKEN", "RVPN-Instance: fuzz"])
            case .stunnel: ("/?access_token=TOKEN", [])
            case .telebitJS: ("/", [])
            case .telebitGo: ("/", ["Authorization: Bearer TOKEN"])
            case .rvpnGo: ("/?access_token=TOKEN", ["User-Agent: Go-http-client/1.1"])
            }
        let lines =
            [
                "GET \(target) HTTP/1.1", "Host: tunnel.example.com", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            ] + fields
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Where the head of an answer ends, in bytes; nil where it does not.
    static func endOfHead(_ bytes: [UInt8]) -> Int? {
        bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A] as [UInt8])?.upperBound
    }
}
