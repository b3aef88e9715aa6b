package import EdgeTypes

/// Where a visitor's bytes are sent.
package enum Upstream: Sendable, Hashable, CustomStringConvertible {
    /// A tunnel, by its identity.
    case tunnel(TunnelID)
    /// A fixed address.
    case address(SocketEndpoint)

    /// The tunnel's identity or the address.
    package var description: String {
        switch self {
        case .tunnel(let id): id.description
        case .address(let endpoint): endpoint.description
        }
    }
}
