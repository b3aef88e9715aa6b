package import EdgeTypes

/// A name that is served, or was, at an instant.
package struct NameSnapshot: Sendable, Hashable {
    /// The name.
    package let pattern: HostnamePattern
    /// The tunnels that serve it, the oldest first; empty when it is away.
    package let tunnels: [TunnelID]
    /// When its last tunnel was seen, in Unix seconds; nil while it is served.
    package let lastSeen: Int?
}
