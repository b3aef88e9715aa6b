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
}
