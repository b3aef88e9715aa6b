package import EdgeTypes
package import NIOCore

extension SocketEndpoint {
    /// The address to dial, where no name has to be resolved first: an address literal or a path.
    package var socketAddress: SocketAddress? {
        switch self {
        case .tcp(let host, let port): try? SocketAddress(ipAddress: host, port: Int(port))
        case .unix(let path): try? SocketAddress(unixDomainSocketPath: path)
        case .inherited: nil
        }
    }
}
