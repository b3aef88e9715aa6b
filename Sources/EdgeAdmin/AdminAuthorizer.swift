package import EdgeTypes

/// Who may see what the admin site shows.
package enum AdminAuthorizer {
    /// What a visitor may do.
    package enum Verdict: Sendable, Hashable {
        /// Look.
        case allowed
        /// Nothing: the status is for people on the relay's own machine.
        case refusedRemote
        /// Nothing: a proxy on the relay's machine passed the request on for someone else.
        case refusedForwarded
    }

    /// Judges a request for the relay's status.
    ///
    /// - Parameters:
    ///   - peer: who sent it.
    ///   - isForwarded: whether it says that a proxy passed it on (RFC 7239, or the headers before it).
    /// - Returns: what the visitor may do.
    package static func verdict(on peer: PeerAddress, isForwarded: Bool) -> Verdict {
        guard peer.isLoopback else { return .refusedRemote }
        return isForwarded ? .refusedForwarded : .allowed
    }
}
