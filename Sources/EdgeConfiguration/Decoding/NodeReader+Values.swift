import EdgeTypes

extension NodeReader {
    /// Reads text.
    ///
    /// - Parameters:
    ///   - node: what is written.
    ///   - label: what the operator calls it.
    /// - Returns: the text, or nil where there is none.
    mutating func text(_ node: ConfigurationNode, _ label: String) -> String? {
        guard let text = node.text else {
            self.fail("\(label) must be a single value, not \(node.kind)", at: node.place)
            return nil
        }
        guard !text.isEmpty else {
            self.fail("\(label) is empty", at: node.place)
            return nil
        }
        return text
    }

    /// Reads a file's path; a relative one is relative to the folder.
    mutating func path(_ node: ConfigurationNode, _ label: String) -> String? {
        self.text(node, label).map(self.resolved)
    }

    /// A path as it is, where it is absolute, else below the folder.
    ///
    /// - Parameter path: a path.
    /// - Returns: where it leads.
    func resolved(_ path: String) -> String {
        guard !path.hasPrefix("/"), !self.folder.isEmpty, self.folder != "." else { return path }
        return self.folder.hasSuffix("/") ? self.folder + path : "\(self.folder)/\(path)"
    }

    /// Reads yes or no.
    mutating func bool(_ node: ConfigurationNode, _ label: String) -> Bool? {
        guard let text = self.text(node, label) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            self.fail("\(label) must be true or false, not \"\(text)\"", at: node.place)
            return nil
        }
    }

    /// Reads a bare count.
    mutating func count(_ node: ConfigurationNode, _ label: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = self.text(node, label) else { return nil }
        guard let count = Int(text) else {
            self.fail("\(label) must be a bare number, not \"\(text)\"", at: node.place)
            return nil
        }
        guard range.contains(count) else {
            self.fail("\(label) must be from \(range.lowerBound) to \(range.upperBound), not \(count)", at: node.place)
            return nil
        }
        return count
    }

    /// Reads a length of time.
    mutating func duration(_ node: ConfigurationNode, _ label: String, _ range: ClosedRange<Duration>) -> Duration? {
        guard let text = self.text(node, label) else { return nil }
        guard let duration = Duration(setting: text) else {
            let mend = Int64(text) == nil ? "write it as 100ms, 30s, 5m, 1h or 30d" : "write \(text)s for seconds"
            let problem = Int64(text) == nil ? "is not a length of time" : "has no unit"
            self.fail("\(label): \"\(text)\" \(problem)", at: node.place, mend: mend)
            return nil
        }
        guard range.contains(duration) else {
            let bounds = "from \(range.lowerBound.setting) to \(range.upperBound.setting)"
            self.fail("\(label) must be \(bounds), not \(text)", at: node.place)
            return nil
        }
        return duration
    }

    /// Reads a number of bytes.
    mutating func bytes(_ node: ConfigurationNode, _ label: String, _ range: ClosedRange<ByteCount>) -> ByteCount? {
        guard let text = self.text(node, label) else { return nil }
        guard Int(text) == nil, let count = ByteCount(text) else {
            let mend = Int(text) == nil ? "write it as 64KiB, 16MiB or 1500B" : "write \(text)B for bytes"
            let problem = Int(text) == nil ? "is not a number of bytes" : "has no unit"
            self.fail("\(label): \"\(text)\" \(problem)", at: node.place, mend: mend)
            return nil
        }
        guard range.contains(count) else {
            let bounds = "from \(range.lowerBound) to \(range.upperBound)"
            self.fail("\(label) must be \(bounds), not \(text)", at: node.place)
            return nil
        }
        return count
    }

    /// Reads one word out of several.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: ConfigurationNode,
        _ label: String,
        _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = self.text(node, label) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let near = KnownKeys.nearest(to: text.lowercased(), among: words.map { $0.lowercased() })
        let meant = words.first { $0.lowercased() == near }
        let mend = meant.map { "did you mean \($0)?" } ?? "one of \(words.joined(separator: ", "))"
        self.fail("\(label): \"\(text)\" is not known", at: node.place, mend: mend)
        return nil
    }

    /// Reads a host name.
    mutating func hostname(_ node: ConfigurationNode, _ label: String) -> Hostname? {
        guard let text = self.text(node, label) else { return nil }
        guard let name = Hostname(text) else {
            let mend = text.contains(":") || text.contains("/") ? "write the bare name, without scheme or port" : nil
            self.fail("\(label): \"\(text)\" is not a host name", at: node.place, mend: mend)
            return nil
        }
        return name
    }

    /// Reads a name, a wildcard, or `*`.
    mutating func pattern(_ node: ConfigurationNode, _ label: String) -> HostnamePattern? {
        guard let text = self.text(node, label) else { return nil }
        guard let pattern = HostnamePattern(text) else {
            let mend = "write a name, \"*.name\" for all below it, or \"*\" for all"
            self.fail("\(label): \"\(text)\" is not a name or wildcard", at: node.place, mend: mend)
            return nil
        }
        return pattern
    }

    /// Reads an address to bind.
    mutating func listeningEndpoint(_ node: ConfigurationNode, _ label: String) -> SocketEndpoint? {
        guard let text = self.text(node, label) else { return nil }
        guard let endpoint = SocketEndpoint(text) else {
            let mend = "write \"host:port\", \"[::]:443\", unix:/path or fd:NAME"
            self.fail("\(label): \"\(text)\" is not an address", at: node.place, mend: mend)
            return nil
        }
        return self.located(endpoint)
    }

    /// Reads an address to dial.
    mutating func dialledEndpoint(_ node: ConfigurationNode, _ label: String) -> SocketEndpoint? {
        guard let text = self.text(node, label) else { return nil }
        let mend = "write host:port, [v6]:port or unix:/path"
        guard let endpoint = SocketEndpoint(text) else {
            self.fail("\(label): \"\(text)\" is not an address", at: node.place, mend: mend)
            return nil
        }
        guard endpoint.isDialled, !text.hasPrefix(":") else {
            self.fail("\(label): \"\(text)\" is nowhere to connect to", at: node.place, mend: mend)
            return nil
        }
        return self.located(endpoint)
    }

    private func located(_ endpoint: SocketEndpoint) -> SocketEndpoint {
        guard case .unix(let path) = endpoint else { return endpoint }
        return .unix(path: self.resolved(path))
    }
}

extension SocketEndpoint {
    /// Whether it can be connected to: a descriptor cannot, nor can port 0.
    var isDialled: Bool {
        switch self {
        case .tcp(_, let port): port != 0
        case .unix: true
        case .inherited: false
        }
    }
}
