import EdgeTypes

extension NodeReader {
    /// Reads a client's whole configuration.
    mutating func agentConfiguration(_ root: ConfigurationNode) -> AgentConfiguration {
        var configuration = AgentConfiguration()
        guard let section = self.section(root, "") else { return configuration }
        configuration.relay = section["relay"].flatMap { self.relay($0) }
        configuration.tokenFile = section["token"].flatMap { self.keptInFile($0, "token") }
        configuration.secretFile = section["secret"].flatMap { self.keptInFile($0, "secret") }
        if let secret = section["secret"], section["token"] != nil {
            self.warn("there is a token: the secret is not used", at: secret.place, mend: "keep one of them")
        }
        configuration.ca = section["ca"].flatMap { self.path($0, "ca") }
        configuration.local = section["local"].map { self.local($0) } ?? []
        for item in section["resolve"].map({ self.list($0) }) ?? [] {
            guard let text = self.text(item, "resolve") else { continue }
            guard let pair = HostAddress(text) else {
                self.fail("resolve: \"\(text)\" is not known", at: item.place, mend: "write HOST:ADDRESS")
                continue
            }
            configuration.resolve.append(pair)
        }
        return configuration
    }

    private mutating func relay(_ node: ConfigurationNode) -> String? {
        guard let text = self.text(node, "relay") else { return nil }
        let mend = "write wss://HOST or wss://HOST:PORT"
        let rest: Substring
        if text.hasPrefix("wss://") {
            rest = text.dropFirst(6)
        } else if text.hasPrefix("ws://") {
            rest = text.dropFirst(5)
            self.warn("relay: ws:// sends tokens and visitors' bytes in the clear", at: node.place, mend: "use wss://")
        } else {
            self.fail("relay: \"\(text)\" is not a WebSocket's address", at: node.place, mend: mend)
            return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hasPort = SocketEndpoint(authority)?.port != nil && !authority.hasPrefix(":") && authority.contains(":")
        guard hasPort || Hostname(authority) != nil else {
            self.fail("relay: \"\(authority)\" is not a host", at: node.place, mend: mend)
            return nil
        }
        return text
    }

    /// Reads `{ file: FILE }`.
    ///
    /// No message shows a value: it may be the token or secret itself.
    private mutating func keptInFile(_ node: ConfigurationNode, _ key: String) -> String? {
        guard node.text == nil else {
            let mend = "put it into a file and write \(key): { file: FILE }"
            self.fail("\(key) names a file, in the form { file: FILE }", at: node.place, mend: mend)
            return nil
        }
        guard let section = self.section(node, key) else { return nil }
        guard let file = section["file"] else {
            self.fail("\(key) has no file", at: node.place, mend: "write \(key): { file: FILE }")
            return nil
        }
        return self.path(file, "\(key).file")
    }

    private mutating func local(_ node: ConfigurationNode) -> [LocalService] {
        var services: [LocalService] = []
        for item in self.list(node) {
            guard let text = self.text(item, "local") else { continue }
            do throws(LocalServiceError) {
                try LocalService.add(self.located(try LocalService(text)), to: &services)
            } catch {
                self.fail("local: \(error)", at: item.place)
            }
        }
        return services
    }

    private func located(_ service: LocalService) -> LocalService {
        guard case .unix(let path) = service.target else { return service }
        let target = SocketEndpoint.unix(path: self.resolved(path))
        return LocalService(kind: service.kind, exposure: service.exposure, target: target)
    }
}
