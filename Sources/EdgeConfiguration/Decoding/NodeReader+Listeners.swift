import EdgeRouting
import EdgeTypes

extension NodeReader {
    /// Reads `listeners`.
    mutating func listeners(
        _ node: ConfigurationNode
    ) -> [(configuration: ListenerConfiguration, place: ConfigurationNode.Place)] {
        var found: [(configuration: ListenerConfiguration, place: ConfigurationNode.Place)] = []
        for item in self.list(node) {
            guard let listener = self.listener(item) else { continue }
            let isFixed = listener.address.port != 0
            if isFixed, found.contains(where: { $0.configuration.address == listener.address }) {
                self.fail("listener \(listener.address) is written twice", at: item.place, mend: "keep one of them")
                continue
            }
            found.append((listener, item.place))
        }
        return found
    }

    private mutating func listener(_ node: ConfigurationNode) -> ListenerConfiguration? {
        if node.text != nil {
            return self.listeningEndpoint(node, "listeners").map { ListenerConfiguration(address: $0) }
        }
        guard let section = self.section(node, "listeners") else { return nil }
        if let later = section["proxy_protocol"] {
            let message = "proxy_protocol is not available in this version"
            self.fail(message, at: later.place, mend: "remove it; visitors' addresses are those of their connections")
        }
        let fallback = section["fallback"].flatMap { self.fallback($0) } ?? .refuse
        var certificates: CertificateConfiguration?
        if let own = section["certificates"], !own.isEmptyMapping {
            certificates = self.certificates(own, "certificates of a listener")
        }
        guard let written = section["address"] else {
            self.fail("a listener has no address", at: node.place, mend: "write address: \"[::]:443\"")
            return nil
        }
        return self.listeningEndpoint(written, "address").map { address in
            ListenerConfiguration(address: address, fallback: fallback, certificates: certificates)
        }
    }

    private mutating func fallback(_ node: ConfigurationNode) -> Fallback? {
        guard let text = self.text(node, "fallback") else { return nil }
        if text == "refuse" { return .refuse }
        if text == "tunnel" || text.hasPrefix("tunnel ") {
            let rest = text.dropFirst("tunnel".count).drop { $0 == " " }
            guard let name = Hostname(rest) else {
                self.fail("fallback: \"\(rest)\" is not a host name", at: node.place, mend: "write tunnel NAME")
                return nil
            }
            return .tunnel(name)
        }
        guard SocketEndpoint(text) != nil else {
            let mend = "write refuse, tunnel NAME or HOST:PORT"
            self.fail("fallback: \"\(text)\" is not known", at: node.place, mend: mend)
            return nil
        }
        return self.dialledEndpoint(node, "fallback").map { .address($0) }
    }

    /// Reads a set of certificates.
    mutating func certificates(_ node: ConfigurationNode, _ label: String) -> CertificateConfiguration? {
        guard let section = self.section(node, "certificates", label: label) else { return nil }
        var certificates = CertificateConfiguration()
        certificates.directory = section["directory"].flatMap { self.path($0, "directory") }
        for item in section["entries"].map({ self.list($0) }) ?? [] {
            guard let entry = self.section(item, "certificates.entries") else { continue }
            guard let chain = entry["chain"] else {
                self.fail("an entry of \(label) has no chain", at: item.place, mend: "write chain: FILE")
                continue
            }
            let key = entry["key"] ?? chain
            guard let chainPath = self.path(chain, "chain"), let keyPath = self.path(key, "key") else { continue }
            certificates.entries.append(CertificateConfiguration.Entry(chain: chainPath, key: keyPath))
        }
        certificates.defaultName = section["default"].flatMap { self.hostname($0, "default") }
        if certificates.defaultName != nil, certificates.isEmpty, let node = section["default"] {
            let mend = "add a directory or entries"
            self.fail("default names a certificate of \(label), which are none", at: node.place, mend: mend)
        }
        return certificates
    }
}
