import EdgeTypes
import NIOCore

/// A connection of the admin site: TLS has ended, its plaintext waits in the channel.
struct AdminVisitor: Sendable {
    /// The channel; not read before the site is set up.
    let channel: any Channel
    /// Where the visitor comes from.
    let peer: PeerAddress
}
