import FoundationEssentials

/// The configurations of the demo's two relays, as an operator would write them.
struct DemoConfiguration: Sendable {
    private let certificates: DemoCertificates
    private let folder: DemoFolder

    /// Creates configurations.
    ///
    /// - Parameters:
    ///   - certificates: what `certs/make` made.
    ///   - folder: where the sockets of the site are.
    init(certificates: DemoCertificates, folder: DemoFolder) {
        self.certificates = certificates
        self.folder = folder
    }

    /// The relay that visitors and the client meet; it listens on this machine only.
    ///
    /// - Parameter ports: where it listens; every port takes every protocol.
    /// - Returns: the configuration's text.
    func relay(ports: [UInt16]) -> String {
        """
        admin_host: \(DemoName.admin)
        tunnel_host: \(DemoName.tunnel)
        listeners: [\(ports.flatMap(Self.loopback).map(Self.quoted).joined(separator: ", "))]
        certificates:
          entries:
            - \(self.pair("relay-ec"))
            - \(self.pair("relay-rsa"))
          default: localhost
        secrets:
          - file: \(Self.quoted(self.certificates.path("secret")))
        routes:
          - host: \(DemoName.secure)
            tls: terminate
        ports: { reserved: [\(ports.filter { $0 != 0 }.map(String.init).joined(separator: ", "))] }
        timeouts: { drain: 1s }

        """
    }

    /// The relay that speaks TLS for the site with the site's own certificate: a service that the first relay passes
    /// through and cannot look into.
    ///
    /// - Returns: the configuration's text.
    func secureSite() -> String {
        """
        admin_host: admin.\(DemoName.site)
        tunnel_host: tunnel.\(DemoName.site)
        listeners: [\(Self.quoted("unix:\(self.folder.secureSite)"))]
        certificates:
          entries:
            - \(self.pair("site"))
        secrets:
          - file: \(Self.quoted(self.certificates.path("secret")))
        routes:
          - host: \(DemoName.site)
            tls: terminate
            upstream: \(Self.quoted("unix:\(self.folder.site)"))
        timeouts: { drain: 1s }
        loops: 1

        """
    }

    private func pair(_ name: String) -> String {
        let chain = Self.quoted(self.certificates.path("\(name).pem"))
        return "{ chain: \(chain), key: \(Self.quoted(self.certificates.path("\(name).key"))) }"
    }

    /// The loopback addresses of a port: a browser may try IPv6 first, and must not meet another's service there.
    private static func loopback(port: UInt16) -> [String] {
        // Two listeners on any free port would get two ports.
        port != 0 && self.hasIPv6 ? ["127.0.0.1:\(port)", "[::1]:\(port)"] : ["127.0.0.1:\(port)"]
    }

    /// Whether `::1` is an address of this machine.
    private static var hasIPv6: Bool {
        guard let table = FileManager.default.contents(atPath: "/proc/net/if_inet6") else { return false }
        let loopback = "00000000000000000000000000000001 "
        return String(decoding: table, as: UTF8.self).split(separator: "\n").contains { $0.hasPrefix(loopback) }
    }

    /// A YAML scalar that holds any path (YAML 1.2 §7.3.2).
    private static func quoted(_ text: String) -> String {
        "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}
