/// What an unpacker found next.
package enum TunnelStep: Sendable, Hashable {
    /// All bytes are taken; more are needed.
    case needsBytes
    /// A packet begins. Where its header announces a body, the body follows.
    case packet(TunnelHeader)
    /// Bytes of the packet's body, as a range of the input. A body that is cut gives several.
    case body(Range<Int>, endsPacket: Bool)
}
