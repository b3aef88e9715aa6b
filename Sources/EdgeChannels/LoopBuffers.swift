/// The pools of one loop.
package struct LoopBuffers: Sendable {
    /// Free bytes before what is read, enough for every header that a tunnel writes: two bytes and 255 of the packet's
    /// header, and 14 of the WebSocket's (RFC 6455 §5.2).
    package static let headroom = 288
    /// Bytes of a visitor's read, with the headroom exactly four TLS records of plaintext.
    package static let streamRead = 65536
    /// Bytes of a tunnel's read: smaller reads cost 29 % (64 KiB) to 61 % (16 KiB) more per byte.
    package static let tunnelRead = 262_144

    /// Reads of visitors and local services.
    package let streams: BufferPool
    /// Reads of tunnels, plaintext and ciphertext of tunnels.
    package let tunnels: BufferPool

    /// Creates the pools of a loop.
    package init() {
        self.streams = BufferPool(capacity: Self.streamRead, headroom: Self.headroom, keep: 32)
        self.tunnels = BufferPool(capacity: Self.tunnelRead, headroom: 0, keep: 8)
    }
}
