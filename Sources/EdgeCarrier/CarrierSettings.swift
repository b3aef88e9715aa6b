import EdgeChannels
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

    /// What may wait in a tunnel's channel when its visitors are read again, in bytes.
    package static let lowMark = 256 << 10
    /// What waits in a tunnel's channel when its visitors are read no more, in bytes.
    package static let highMark = 512 << 10
    /// How long a visitor whose turn it is may say nothing before the next in line gets the room that was granted to it:
    /// about one round of a loop, since what a socket holds already comes in the next.
    package static let turn = Duration.microseconds(100)

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
    /// What each visitor in line may send in its turn while the tunnel is full, in bytes: one read of a visitor.
    package var quantum = LoopBuffers.streamRead - LoopBuffers.headroom
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
    /// How long nothing more may come of an answer that has begun, after the visitor ended its half
    /// (`timeouts.answered`).
    package var answered = Duration.seconds(10)
    /// How long a stream that takes nothing may hold the tunnel (`timeouts.stall`).
    package var stall = Duration.seconds(60)
    /// How long a stream whose local side takes nothing at all may hold the tunnel while others are open
    /// (`timeouts.hold`).
    package var hold = Duration.seconds(1)
    /// How long a peer is read away after the close frame.
    package var linger = Duration.seconds(2)
    /// Time between pings (`timeouts.ping`).
    package var ping = Duration.seconds(15)
    /// Silence after a ping that ends the tunnel (`timeouts.pong`).
    package var pong = Duration.seconds(20)
    /// Silence after a ping out of turn that makes the tunnel a silent one, which gets no visitors (`timeouts.probe`).
    package var probe = Duration.seconds(3)
    /// Streams that fail one after another before the tunnel rests; none where zero (`limits.failures`).
    package var failures = 3
    /// How long a tunnel that serves nothing gets no visitors; twice as long after each trial that fails, up to eight
    /// times (`timeouts.rest`).
    package var rest = Duration.seconds(10)
    /// How long a visitor must have waited for a first byte before its leaving counts as a failure of the tunnel.
    package var answerPatience = Duration.seconds(5)
    /// Where what waits is counted for the whole relay; nil where nobody counts.
    package var budget: MemoryBudget?

    /// What may be delivered to one stream whose local side takes no more before the tunnel is no longer read, in bytes:
    /// half of the tunnel's buffer, so that an answer of some megabytes never holds up its siblings.
    package var overrunBuffer: Int { self.tunnelBuffer / 2 }
    /// The same while the relay's budget is tight: an eighth.
    package var tightOverrunBuffer: Int { self.overrunBuffer / 8 }

    /// How much a slow local side must take before the tunnel that is held for it is read again, in bytes: one read of
    /// the tunnel, so that a slow visitor and its siblings go on together in small steps.
    package static let heldStep = 256 << 10
    /// How often a tunnel that is held looks whether that was taken.
    package static let heldLook = Duration.milliseconds(10)

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
