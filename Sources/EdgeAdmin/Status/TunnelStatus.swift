package import EdgeMetering

/// One tunnel, as the status shows it.
package struct TunnelStatus: Sendable, Hashable, Codable {
    /// Its identity: `t7`.
    package let id: String
    /// Who the client is, where it says so.
    package let identity: String?
    /// How its client speaks, one token.
    package let profile: String
    /// Address and port of its client.
    package let peer: String
    /// The names that it serves.
    package let names: [String]
    /// The public TCP ports that it holds.
    package let ports: [Int]
    /// Streams that are open in it.
    package let streams: Int
    /// When it registered, in Unix seconds.
    package let since: Int
    /// When its client was last heard, in Unix seconds.
    package let lastHeard: Int
    /// Bytes over its socket.
    package let raw: MeterReading
    /// Bytes carried for visitors.
    package let payload: MeterReading

    /// Creates a tunnel's status.
    ///
    /// - Parameters:
    ///   - id: its identity.
    ///   - identity: who the client is, where it says so.
    ///   - profile: how its client speaks, one token.
    ///   - peer: address and port of its client.
    ///   - names: the names that it serves.
    ///   - ports: the public TCP ports that it holds.
    ///   - streams: streams that are open in it.
    ///   - since: when it registered, in Unix seconds.
    ///   - lastHeard: when its client was last heard, in Unix seconds.
    ///   - raw: bytes over its socket.
    ///   - payload: bytes carried for visitors.
    package init(
        id: String,
        identity: String?,
        profile: String,
        peer: String,
        names: [String],
        ports: [Int] = [],
        streams: Int,
        since: Int,
        lastHeard: Int,
        raw: MeterReading,
        payload: MeterReading
    ) {
        self.id = id
        self.identity = identity
        self.profile = profile
        self.peer = peer
        self.names = names
        self.ports = ports
        self.streams = streams
        self.since = since
        self.lastHeard = lastHeard
        self.raw = raw
        self.payload = payload
    }
}
