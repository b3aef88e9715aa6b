/// Keys that the environment says: `RVPN_` and the path in upper case, with `__` between levels.
struct EnvironmentOverrides {
    /// Variables that the commands read themselves; they are no keys.
    static let reserved: Set<String> = ["RVPN_TOKEN", "RVPN_SECRET", "RVPN_CONFIG"]

    /// The keys that a variable may name.
    let keys: KnownKeys
    /// The environment.
    let environment: [String: String]

    /// Puts what the environment says in place of what the file says.
    ///
    /// - Parameters:
    ///   - root: what the file says.
    ///   - reader: where errors and warnings are written down.
    /// - Returns: the first keys of the paths that were replaced.
    func apply(to root: inout ConfigurationNode, _ reader: inout NodeReader) -> Set<String> {
        let known = Set(self.keys.paths)
        let others = Set(KnownKeys.relay.paths + KnownKeys.agent.paths)
        var replaced: Set<String> = []
        // A whole section comes before a key inside it, so that both can be given.
        let variables = self.environment.filter { $0.key.hasPrefix("RVPN_") && !$0.value.isEmpty }
            .map { (name: $0.key, path: Self.path(of: $0.key), value: $0.value) }
            .sorted { ($0.path.count, $0.name) < ($1.path.count, $1.name) }
        for variable in variables where !Self.reserved.contains(variable.name) {
            let place = ConfigurationNode.Place(file: variable.name)
            guard known.contains(variable.path) else {
                guard !others.contains(variable.path) else { continue }
                let names = known.map { "rvpn_" + $0.joined(separator: "__") }.sorted()
                let near = KnownKeys.nearest(to: variable.name.lowercased(), among: names)
                let mend = near.map { "did you mean \($0.uppercased())?" }
                reader.warn("the variable names no key and is not used", at: place, mend: mend)
                continue
            }
            var value = ConfigurationNode(place: place, content: .variable(variable.value))
            if self.keys.sections[variable.path.joined(separator: ".")] != nil {
                var yaml = YAMLReader(file: variable.name, hasLines: false)
                if let read = try? yaml.read(variable.value), case .mapping = read.content { value = read }
            }
            root.set(variable.path[...], to: value)
            if let first = variable.path.first { replaced.insert(first) }
        }
        return replaced
    }

    private static func path(of variable: String) -> [String] {
        var path: [String] = []
        var rest = variable.dropFirst("RVPN_".count).lowercased()[...]
        while let split = rest.firstRange(of: "__") {
            path.append(String(rest[..<split.lowerBound]))
            rest = rest[split.upperBound...]
        }
        return path + [String(rest)]
    }
}
