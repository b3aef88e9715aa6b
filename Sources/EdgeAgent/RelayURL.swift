package import EdgeTypes

/// Where a relay is: `wss://HOST[:PORT][/PATH]`, `https://…`, or a host alone; `ws://` and `http://` without TLS.
package struct RelayURL: Sendable, Hashable, CustomStringConvertible {
    /// The relay's tunnel host.
    package let host: Hostname
    /// Its port.
    package let port: UInt16
    /// Whether TLS is spoken.
    package let isSecure: Bool
    /// Path and query of the upgrade.
    package let path: String

    /// Reads a URL.
    ///
    /// - Parameter text: the URL.
    package init?(_ text: some StringProtocol) {
        var rest = text[...]
        var isSecure = true
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound].lowercased() {
            case "wss", "https": isSecure = true
            case "ws", "http": isSecure = false
            default: return nil
            }
            rest = rest[scheme.upperBound...]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else { return nil }
        let path = rest[slash...]
        var host = authority
        var port: UInt16 = isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else { return nil }
            host = authority[..<colon]
            port = number
        }
        guard let name = Hostname(host) else { return nil }
        self.host = name
        self.port = port
        self.isSecure = isSecure
        self.path = path.isEmpty ? "/" : String(path)
    }

    /// The value of `Host` (RFC 9110 §7.2).
    package var authority: String {
        let name = self.host.text.contains(":") ? "[\(self.host.text)]" : self.host.text
        return self.port == (self.isSecure ? 443 : 80) ? name : "\(name):\(self.port)"
    }

    /// The URL without its query, which may hold a secret.
    package var description: String {
        "\(self.isSecure ? "wss" : "ws")://\(self.authority)\(self.path.prefix { $0 != "?" })"
    }
}
