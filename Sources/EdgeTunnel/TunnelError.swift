/// Every breach of the tunnel's protocol that a peer can commit.
///
/// There is no way back into step after one.
package enum TunnelError: Error, Sendable, Hashable {
    /// The peer's packet does not begin with the version byte that is known.
    case unknownVersion(UInt8)
    /// The peer's header has fewer than five fields.
    case tooFewFields(Int)
    /// The peer's header gives no decimal number as the length of the body.
    case malformedBodyLength
    /// The peer announced a body longer than we take, in bytes; lengths beyond 64 bits count as the largest number.
    case packetTooLarge(actual: Int, limit: Int)
}
