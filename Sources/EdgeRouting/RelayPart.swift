/// What the relay serves under a name of its own.
package enum RelayPart: Sendable, Hashable {
    /// The admin site.
    case admin
    /// The upgrade to a tunnel.
    case tunnel
}
