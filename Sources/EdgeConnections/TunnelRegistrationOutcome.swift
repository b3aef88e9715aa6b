package import EdgeTypes

/// What became of a registration, or of a wish for more names or ports.
package enum TunnelRegistrationOutcome<Member: Sendable>: Sendable {
    /// The tunnel holds its names and ports.
    ///
    /// Older connections of the same client have lost theirs: they are to be closed as taken over. Where the client has
    /// no identity, `elders` are those that hold one of its names or ports too: one of them may be its own ghost.
    case registered(replaced: [Member], elders: [Member])
    /// Nothing was registered: a token that another secret signed holds this name.
    case nameTaken(HostnamePattern)
    /// Nothing was registered: a token that another secret signed holds this port.
    case portTaken(UInt16)
    /// Nothing was granted: the tunnel is not registered, or not any more.
    case gone
}
