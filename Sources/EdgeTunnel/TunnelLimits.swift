package import EdgeTypes

/// What an unpacker takes at most.
package struct TunnelLimits: Sendable, Hashable {
    /// The longest body of a packet.
    package let packet: ByteCount

    /// Creates limits.
    ///
    /// - Parameter packet: the longest body of a packet; nobody is known to send more than 4 MiB in one.
    package init(packet: ByteCount = .mebibytes(16)) {
        self.packet = packet
    }
}
