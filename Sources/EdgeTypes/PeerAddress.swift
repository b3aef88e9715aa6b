/// The far end of an accepted connection.
package struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The peer's address; nil for a Unix domain socket.
    package let address: NetworkAddress?
    /// The peer's port; zero for a Unix domain socket.
    package let port: UInt16

    /// Creates the far end of a TCP connection.
    ///
    /// - Parameters:
    ///   - address: the peer's address.
    ///   - port: the peer's port.
    package init(address: NetworkAddress?, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The far end of a connection over a Unix domain socket.
    package static let local = PeerAddress(address: nil, port: 0)

    /// Whether the peer is on this machine.
    package var isLoopback: Bool { self.address?.isLoopback ?? true }

    /// Address and port, or `local`.
    package var description: String {
        guard let address else { return "local" }
        return StreamID(address: address, port: self.port).description
    }
}
