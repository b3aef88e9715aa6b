/// What a decoder found next.
package enum WebSocketStep: Sendable, Hashable {
    /// All bytes are taken; more are needed.
    case needsBytes
    /// Bytes of a message, unmasked, as a range of the input. A frame that is cut gives several.
    case data(Range<Int>, isText: Bool, endsMessage: Bool)
    /// The peer wants a pong with the same payload.
    case ping([UInt8])
    /// The peer is alive.
    case pong([UInt8])
    /// The peer will send no more; the code is nil where it gave none.
    case close(WebSocketCloseCode?, reason: String)
}
