package import EdgeRouting
package import EdgeTypes

/// One place where visitors and clients arrive.
package struct ListenerConfiguration: Sendable, Hashable {
    /// `address`: what is bound; port 0 takes any.
    package var address: SocketEndpoint
    /// `fallback`: what happens to first bytes that are neither TLS nor HTTP/1.x; refused by default.
    package var fallback: Fallback
    /// `certificates`: a set of its own, or nil for the global one.
    package var certificates: CertificateConfiguration?

    /// Creates a listener.
    ///
    /// - Parameters:
    ///   - address: what is bound.
    ///   - fallback: what happens to first bytes that are neither TLS nor HTTP/1.x.
    ///   - certificates: a set of its own.
    package init(
        address: SocketEndpoint,
        fallback: Fallback = .refuse,
        certificates: CertificateConfiguration? = nil
    ) {
        self.address = address
        self.fallback = fallback
        self.certificates = certificates
    }
}
