/// Identity of one stream inside one tunnel: the visitor's address and port as the client was told them.
///
/// Clients key their streams by exactly this pair (PROTOCOL: `family,address,port`), so a tunnel never holds two streams
/// with one identity.
package struct StreamID: Sendable, Hashable, CustomStringConvertible {
    /// The visitor's address, or one that stands for it.
    package let address: NetworkAddress
    /// The visitor's port, or one that stands for it.
    package let port: UInt16

    /// Creates an identity.
    ///
    /// - Parameters:
    ///   - address: the visitor's address.
    ///   - port: the visitor's port.
    package init(address: NetworkAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Address and port as in a URL: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    package var description: String {
        self.address.isIPv4 ? "\(self.address):\(self.port)" : "[\(self.address)]:\(self.port)"
    }
}
