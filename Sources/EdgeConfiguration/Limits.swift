package import EdgeTypes

/// How much the relay holds of what.
package struct Limits: Sendable, Hashable {
    /// The largest ``preface``: first bytes are peeked, and a peek sees 128 512 bytes with Linux's default `tcp_rmem`.
    package static let largestPreface = ByteCount.kibibytes(120)

    /// `preface`: the most first bytes that are looked at for a name; 64 KiB.
    package var preface = ByteCount.kibibytes(64)
    /// `packet`: the largest packet inside a tunnel; 16 MiB.
    package var packet = ByteCount.mebibytes(16)
    /// `message`: the largest WebSocket message, over all its frames; 16 MiB.
    package var message = ByteCount.mebibytes(16)
    /// `frame`: the most payload that one frame of ours carries; 64 KiB.
    package var frame = ByteCount.kibibytes(64)
    /// `stream_buffer`: what waits for one slow reader before its sender is held; 1 MiB.
    package var streamBuffer = ByteCount.mebibytes(1)
    /// `resume_at`: how little of it must be left before the sender goes on; 256 KiB, or a quarter of a smaller buffer.
    package var resumeAt = ByteCount.kibibytes(256)
    /// `tunnel_buffer`: what waits inside one tunnel over all its streams; 16 MiB.
    package var tunnelBuffer = ByteCount.mebibytes(16)
    /// `memory`: what waits over all tunnels; 512 MiB.
    package var memory = ByteCount.mebibytes(512)
    /// `connections`: open connections; 100 000.
    package var connections = 100_000
    /// `connections_per_address`: open connections from one address; 10 000.
    package var connectionsPerAddress = 10_000
    /// `tunnels`: connected tunnels; 20 000.
    package var tunnels = 20_000
    /// `streams_per_tunnel`: open streams inside one tunnel; 10 000.
    package var streamsPerTunnel = 10_000
    /// `failures`: visitors in a row that a tunnel of several may fail before it rests, or 0 for never; 3.
    package var failures = 3

    /// Creates the defaults.
    package init() {}
}
