package import EdgeTypes

/// A connection that was accepted and has not been decided on.
package struct Arrival: Sendable {
    /// The connected socket: nonblocking, close-on-exec.
    package let descriptor: Int32
    /// Who arrived: the far end of the socket, or whom ``ArrivalVerdict/readOff(_:peer:local:)`` named in its place.
    package internal(set) var peer: PeerAddress
    /// Where it was dialled; ``PeerAddress/local`` for a Unix socket.
    package internal(set) var local: PeerAddress
    /// The far end of the socket itself, whatever a header said.
    package let socketPeer: PeerAddress
    /// Bytes that were read off its front so far; above zero once a header was.
    package internal(set) var bytesReadOff = 0
    /// The listener it came by.
    package let listener: ListenerID
    /// When it was accepted; its time to speak counts from here.
    package let accepted: ContinuousClock.Instant

    /// An arrival as it was accepted.
    init(
        descriptor: Int32,
        peer: PeerAddress,
        local: PeerAddress,
        listener: ListenerID,
        accepted: ContinuousClock.Instant
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.local = local
        self.socketPeer = peer
        self.listener = listener
        self.accepted = accepted
    }
}
