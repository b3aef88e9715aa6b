package import EdgeTunnel
import EdgeTypes

/// What a carrier is told when it is made: its side, its peer's kind, its limits and times.
package struct CarrierSettings: Sendable {
    /// Which end of the tunnel a carrier is.
    package enum Side: Sendable {
        /// The relay: opens streams for visitors, sends unmasked frames.
        case relay
        /// The agent: streams are opened by the relay; sends masked frames (RFC 6455 §5.3).
        case agent
    }

    /// Which end of the tunnel this is.
    package var side: Side
    /// What the other end can read; decided at the upgrade.
    package var profile: ClientProfile
    /// Longest body of one packet that is sent, in bytes (`limits.frame`).
    package var frame = 65536
    /// What may wait for the local side of one stream before the peer is asked to pause (`limits.stream_buffer`).
    package var streamBuffer = 1 << 20
    /// What may wait in all streams of the tunnel before the tunnel is no longer read (`limits.tunnel_buffer`).
    package var tunnelBuffer = 16 << 20
    /// Longest body of a packet that is accepted (`limits.packet`).
    package var packet = 16 << 20
    /// Longest WebSocket message that is accepted (`limits.message`).
    package var message = 16 << 20
    /// Most streams at once, those in quarantine included (`limits.streams_per_tunnel`).
    package var streams = 10000
    /// How long a new stream of an older client is held after its first packet (`timeouts.gate`).
    package var gate = Duration.milliseconds(100)
    /// How long the key of a stream that ended here is kept (`timeouts.quarantine`).
    package var quarantine = Duration.seconds(5)
    /// How long an older client may answer after the visitor ended its half (`timeouts.grace`).
    package var answer = Duration.seconds(30)
    /// How long streams that take nothing may hold the tunnel (`timeouts.stall`).
    package var stall = Duration.seconds(60)
    /// How long a peer is read away after the close frame.
    package var linger = Duration.seconds(2)
    /// Time between pings (`timeouts.ping`).
    package var ping = Duration.seconds(15)
    /// Silence after a ping that ends the tunnel (`timeouts.pong`).
    package var pong = Duration.seconds(20)

    /// Creates settings with the documented defaults.
    ///
    /// - Parameters:
    ///   - side: which end of the tunnel this is.
    ///   - profile: what the other end can read.
    package init(side: Side, profile: ClientProfile) {
        self.side = side
        self.profile = profile
    }
}
