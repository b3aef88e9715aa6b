/// Where a listener is bound, or an upstream is reached.
package enum SocketEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name or address, and a TCP port.
    case tcp(host: String, port: UInt16)
    /// A Unix domain socket's path.
    case unix(path: String)
    /// A listening descriptor that the service manager handed over under a name.
    case inherited(name: String)

    /// Reads an endpoint.
    ///
    /// - Parameter text: `host:port`, `[v6]:port`, `:port` (every address), `port` alone (loopback), `unix:PATH` or
    ///   `fd:NAME`.
    package init?(_ text: some StringProtocol) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { return nil }
            self = .unix(path: path)
            return
        }
        if text.hasPrefix("fd:") {
            let name = String(text.dropFirst(3))
            guard !name.isEmpty else { return nil }
            self = .inherited(name: name)
            return
        }
        if let port = UInt16(text) {
            self = .tcp(host: "127.0.0.1", port: port)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.isEmpty {
            self = .tcp(host: "::", port: port)
        } else if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = host.dropFirst().dropLast()
            guard let address = NetworkAddress(inner) else { return nil }
            self = .tcp(host: address.description, port: port)
        } else {
            guard let name = Hostname(host), !host.contains(":") else { return nil }
            self = .tcp(host: name.text, port: port)
        }
    }

    /// The TCP port, where there is one.
    package var port: UInt16? {
        guard case .tcp(_, let port) = self else { return nil }
        return port
    }

    /// The endpoint as it is written.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .inherited(let name): "fd:\(name)"
        }
    }
}
