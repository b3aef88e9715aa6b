package import EdgeTypes

/// What a listener does with first bytes that are neither TLS nor HTTP/1.x, or that do not come in time.
package enum Fallback: Sendable, Hashable, CustomStringConvertible {
    /// The connection is closed.
    case refuse
    /// The tunnel that holds the name gets it, as service `ssh` or `tcp`.
    case tunnel(Hostname)
    /// The address gets it.
    case address(SocketEndpoint)

    /// The fallback as it is written in the configuration.
    package var description: String {
        switch self {
        case .refuse: "refuse"
        case .tunnel(let name): "tunnel \(name)"
        case .address(let endpoint): endpoint.description
        }
    }
}
