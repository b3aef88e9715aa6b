/// What a client's look at the server's answer gives.
package enum WebSocketUpgradeResponse: Sendable, Hashable {
    /// The answer is not all there.
    case needsBytes
    /// It is a WebSocket; frames begin behind this many bytes.
    case accepted(headLength: Int)
    /// The server refused.
    case refused(WebSocketUpgradeDenial)
}
