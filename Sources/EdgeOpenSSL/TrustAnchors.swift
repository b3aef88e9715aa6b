/// Whose certificates a client accepts.
package enum TrustAnchors: Sendable, Equatable {
    /// Those that the system's authorities vouch for.
    case system
    /// Those that these authorities vouch for, or these very certificates: PEM text.
    case pem([UInt8])
    /// Anybody's: nothing is verified, not even the name. Insecure.
    case nothing
}
