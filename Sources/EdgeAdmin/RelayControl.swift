package import EdgeTypes

/// What the admin site asks of the relay.
package protocol RelayControl: Sendable {
    /// Everything that the status page shows.
    ///
    /// - Returns: the relay at this instant.
    func status() async -> RelayStatus

    /// Whether the relay takes connections.
    ///
    /// - Returns: false while it starts or drains.
    func isReady() async -> Bool

    /// Opens a listener while the relay runs.
    ///
    /// - Parameter wish: where, and what becomes of what arrives there.
    /// - Returns: what became of it.
    func addListener(_ wish: ListenerWish) async -> ListenerAnswer

    /// Closes a listener that was asked for while the relay runs; returns when it accepts no more.
    ///
    /// - Parameters:
    ///   - endpoint: where it is bound.
    ///   - connections: what becomes of its connections.
    /// - Returns: nil when it is closed, or why it is not.
    func removeListener(_ endpoint: SocketEndpoint, connections: ListenerRemoval) async -> ListenerFault?
}
