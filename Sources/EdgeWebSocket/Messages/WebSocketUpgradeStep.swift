/// What a server's look at a request gives.
package enum WebSocketUpgradeStep: Sendable {
    /// The head is not all there.
    case needsBytes
    /// A request for a WebSocket, and how many bytes its head has.
    case request(WebSocketUpgradeRequest, headLength: Int)
    /// No request that a WebSocket can come of.
    case refused(WebSocketUpgradeRefusal)
}
