package import EdgeTypes

/// Two claims to one name.
///
/// Always the operator's to mend.
package enum RoutingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two routes have one pattern; the numbers are their places in the list, from 0.
    case duplicateRoute(HostnamePattern, first: Int, second: Int)
    /// A route is about the admin host, which the relay serves itself; the number is its place in the list, from 0.
    case routeForAdminHost(Hostname, route: Int)
    /// A route is about a tunnel host, which the relay serves itself; the number is its place in the list, from 0.
    case routeForTunnelHost(Hostname, route: Int)
    /// The admin host is a tunnel host as well; the number is the tunnel host's place in the list, from 0.
    case adminHostIsTunnelHost(Hostname, tunnelHost: Int)
    /// A tunnel host is written down twice; the number is the second's place in the list, from 0.
    case duplicateTunnelHost(Hostname, tunnelHost: Int)

    /// What clashes, in words.
    package var description: String {
        switch self {
        case .duplicateRoute(let pattern, let first, let second):
            "routes \(first + 1) and \(second + 1) are both for \(pattern)"
        case .routeForAdminHost(let name, let route):
            "route \(route + 1) is for \(name), which is the admin host"
        case .routeForTunnelHost(let name, let route):
            "route \(route + 1) is for \(name), which is a tunnel host"
        case .adminHostIsTunnelHost(let name, _):
            "\(name) is both the admin host and a tunnel host"
        case .duplicateTunnelHost(let name, _):
            "tunnel host \(name) is written twice"
        }
    }
}
