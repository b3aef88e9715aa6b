package import EdgeTypes

/// An address that stands for a name, in place of what the name service says: `HOST:ADDRESS` or `HOST:PORT:ADDRESS`.
package struct HostAddress: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    package let host: Hostname
    /// The port that it is for; nil for every port.
    package let port: UInt16?
    /// The address in its place.
    package let address: NetworkAddress

    /// Reads a pair.
    ///
    /// - Parameter text: the name, a colon, perhaps a port and a colon, and the address; IPv6 with or without brackets.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let host = Hostname(text[..<colon]) else { return nil }
        let rest = text[text.index(after: colon)...]
        if let address = Self.address(rest) {
            self.init(host: host, port: nil, address: address)
            return
        }
        guard let second = rest.firstIndex(of: ":"), let port = UInt16(rest[..<second]) else { return nil }
        guard let address = Self.address(rest[rest.index(after: second)...]) else { return nil }
        self.init(host: host, port: port, address: address)
    }

    /// Creates a pair.
    ///
    /// - Parameters:
    ///   - host: the name.
    ///   - port: the port that it is for; nil for every port.
    ///   - address: the address in its place.
    package init(host: Hostname, port: UInt16?, address: NetworkAddress) {
        self.host = host
        self.port = port
        self.address = address
    }

    /// Whether it is meant for a connection.
    ///
    /// - Parameters:
    ///   - host: the name that is connected to.
    ///   - port: the port that is connected to.
    /// - Returns: true when the address stands in the name's place.
    package func applies(to host: Hostname, port: UInt16) -> Bool {
        self.host == host && (self.port ?? port) == port
    }

    /// The pair as it is written.
    package var description: String {
        "\(self.host):\(self.port.map { "\($0):" } ?? "")\(self.address)"
    }

    private static func address(_ text: some StringProtocol) -> NetworkAddress? {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return NetworkAddress(text) }
        return NetworkAddress(text.dropFirst().dropLast())
    }
}
