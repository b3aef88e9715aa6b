import EdgeOpenSSL
package import EdgeTypes

/// Makes engines for connections that are dialled: whom to trust is decided once.
package struct TLSClient: Sendable {
    /// Whose certificates are good.
    package enum Trust: Sendable {
        /// Those that the system's authorities vouch for.
        case system
        /// Those that these authorities vouch for: PEM text.
        case authorities([UInt8])
        /// Anybody's: nothing is verified, not even the name. Insecure.
        case anything
    }

    private let context: TLSContext

    /// Creates a client.
    ///
    /// - Parameter trust: whose certificates are good.
    /// - Throws: ``TLSError/setup(_:)`` where the authorities cannot be read.
    package init(trusting trust: Trust) throws(TLSError) {
        let anchors: TrustAnchors =
            switch trust {
            case .system: .system
            case .authorities(let bytes): .pem(bytes)
            case .anything: .nothing
            }
        do throws(OpenSSLError) {
            self.context = try TLSContext(trusting: anchors, applicationProtocols: ["http/1.1"])
        } catch {
            throw .setup(error)
        }
    }

    /// Makes an engine for one connection.
    ///
    /// - Parameter name: the server's name, verified.
    /// - Returns: the engine, its handshake not begun.
    /// - Throws: ``TLSError/setup(_:)``.
    package func engine(to name: Hostname) throws(TLSError) -> TLSEngine {
        try TLSEngine(connecting: self.context, serverName: name)
    }
}
