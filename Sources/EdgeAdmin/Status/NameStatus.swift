package import EdgeConnections
import EdgeTypes

/// One name, as the status shows it.
package struct NameStatus: Sendable, Hashable, Codable {
    /// The name or pattern.
    package let pattern: String
    /// The tunnels that serve it; none when it is away.
    package let tunnels: [String]
    /// Whether no tunnel serves it now.
    package let away: Bool
    /// When its last tunnel was seen, in Unix seconds; nil while it is served.
    package let lastSeen: Int?

    /// Creates a name's status.
    ///
    /// - Parameters:
    ///   - pattern: the name or pattern.
    ///   - tunnels: the tunnels that serve it.
    ///   - lastSeen: when its last tunnel was seen, in Unix seconds.
    package init(pattern: String, tunnels: [String], lastSeen: Int?) {
        self.pattern = pattern
        self.tunnels = tunnels
        self.away = tunnels.isEmpty
        self.lastSeen = lastSeen
    }

    /// Reads a name of the registry.
    ///
    /// - Parameter name: the name.
    package init(_ name: NameSnapshot) {
        self.init(
            pattern: name.pattern.description,
            tunnels: name.tunnels.map(\.description),
            lastSeen: name.lastSeen
        )
    }
}
