package import EdgeTypes

/// What became of a registration, or of a wish for more names.
package enum TunnelRegistrationOutcome<Member: Sendable>: Sendable {
    /// The tunnel holds its names. Older connections of the same client have lost theirs: they are to be closed as
    /// taken over.
    case registered(replaced: [Member])
    /// Nothing was registered: a token that another secret signed holds this name.
    case nameTaken(HostnamePattern)
    /// Nothing was granted: the tunnel is not registered, or not any more.
    case gone
}
