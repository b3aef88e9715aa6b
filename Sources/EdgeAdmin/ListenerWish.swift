package import EdgeRouting
package import EdgeTypes

/// A listener that is asked for while the relay runs.
package struct ListenerWish: Sendable, Hashable {
    /// Where it is to be bound: an address of this machine and a port, 0 for any, or a Unix domain socket's path.
    package var address: SocketEndpoint
    /// What becomes of first bytes that are neither TLS nor HTTP.
    package var fallback: Fallback

    /// Creates a wish.
    ///
    /// - Parameters:
    ///   - address: where it is to be bound.
    ///   - fallback: what becomes of first bytes that are neither TLS nor HTTP.
    package init(address: SocketEndpoint, fallback: Fallback = .refuse) {
        self.address = address
        self.fallback = fallback
    }
}
