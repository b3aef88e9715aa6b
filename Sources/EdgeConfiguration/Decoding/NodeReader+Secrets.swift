import EdgeTypes

extension NodeReader {
    /// Reads `secrets`.
    ///
    /// No message shows a value: it may be a secret that was written in the wrong place.
    mutating func secrets(_ node: ConfigurationNode) -> [SecretConfiguration] {
        self.list(node).compactMap { self.secret($0) }
    }

    private mutating func secret(_ node: ConfigurationNode) -> SecretConfiguration? {
        guard node.text == nil else {
            let mend = "put the secret into a file and write { file: FILE }"
            self.fail("secrets names files, in the form { file: FILE }", at: node.place, mend: mend)
            return nil
        }
        guard let section = self.section(node, "secrets") else { return nil }
        var algorithms = SecretAlgorithm.allCases
        if let written = section["algorithms"] {
            algorithms = self.list(written).compactMap { self.choice($0, "algorithms") }
            if algorithms.isEmpty { self.fail("algorithms is empty", at: written.place) }
        }
        var domains: [HostnamePattern] = []
        if let written = section["domains"] {
            domains = self.list(written).compactMap { self.pattern($0, "domains") }
            if domains.isEmpty {
                self.fail("domains is empty", at: written.place, mend: "leave it out where all names are allowed")
            }
        }
        let ports = section["ports"].map { written in self.list(written).compactMap { self.portRange($0, "ports") } }
        let kid = section["kid"].flatMap { self.text($0, "kid") }
        guard let written = section["file"] else {
            self.fail("a secret has no file", at: node.place, mend: "write file: FILE")
            return nil
        }
        guard let file = self.path(written, "file") else { return nil }
        return SecretConfiguration(file: file, kid: kid, algorithms: algorithms, domains: domains, ports: ports)
    }
}
