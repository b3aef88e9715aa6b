/// Walks through nodes and keeps account of everything that is wrong with them.
///
/// A method that reads a value answers nil after it has written down why; the caller goes on with the default, so that
/// one reading finds every error.
struct NodeReader {
    /// One mapping whose keys are all known.
    struct Section {
        /// What is written under each key; keys without a value are left out.
        var values: [String: ConfigurationNode] = [:]
        /// Where the section is written.
        var place: ConfigurationNode.Place

        /// The value of a key.
        subscript(_ key: String) -> ConfigurationNode? { self.values[key] }
    }

    /// The keys that may be written.
    let keys: KnownKeys
    /// What relative paths are relative to.
    let folder: String
    /// What makes it unusable.
    private(set) var errors: [ConfigurationError] = []
    /// What is probably not meant.
    private(set) var warnings: [ConfigurationError] = []

    init(keys: KnownKeys, folder: String) {
        self.keys = keys
        self.folder = folder
    }

    /// Writes an error down.
    mutating func fail(_ message: String, at place: ConfigurationNode.Place, mend: String? = nil) {
        self.errors.append(Self.error(message, place, mend))
    }

    /// Writes a warning down.
    mutating func warn(_ message: String, at place: ConfigurationNode.Place, mend: String? = nil) {
        self.warnings.append(Self.error(message, place, mend))
    }

    /// Writes down what another reader found.
    mutating func add(_ errors: [ConfigurationError]) {
        self.errors += errors
    }

    /// What was found, in the order of the lines.
    ///
    /// - Parameter errors: errors in the order in which they were found.
    /// - Returns: the same, sorted; those without a line come last.
    static func sorted(_ errors: [ConfigurationError]) -> [ConfigurationError] {
        errors.enumerated().sorted { left, right in
            let one = (left.element.line ?? Int.max, left.element.column ?? Int.max, left.offset)
            return one < (right.element.line ?? Int.max, right.element.column ?? Int.max, right.offset)
        }.map(\.element)
    }

    /// Reads a mapping and complains about every key that is not known.
    ///
    /// - Parameters:
    ///   - node: what should be a mapping.
    ///   - path: the section's path, as in ``KnownKeys``.
    ///   - label: what the operator would call it.
    /// - Returns: the section, or nil where it is something else.
    mutating func section(_ node: ConfigurationNode, _ path: String, label: String? = nil) -> Section? {
        let label = label ?? path
        let node = self.expanded(node)
        guard case .mapping(let pairs) = node.content else {
            let known = (self.keys.sections[path] ?? []).joined(separator: ", ")
            let subject = label.isEmpty ? "the file" : label
            self.fail("\(subject) must be a mapping, not \(node.kind)", at: node.place, mend: "its keys are \(known)")
            return nil
        }
        var section = Section(place: node.place)
        for pair in pairs {
            guard self.keys.sections[path]?.contains(pair.key) == true else {
                let within = label.isEmpty ? "" : " in \(label)"
                let near = self.keys.nearest(to: pair.key, in: path)
                let known = (self.keys.sections[path] ?? []).joined(separator: ", ")
                let mend = near.map { "did you mean \($0)?" } ?? "known are \(known)"
                self.fail("unknown key \"\(pair.key)\"\(within)", at: pair.place, mend: mend)
                continue
            }
            if case .null = pair.value.content { continue }
            section.values[pair.key] = pair.value
        }
        return section
    }

    /// Reads a list; one bare value is a list of one.
    ///
    /// - Parameter node: a list, or its only item.
    /// - Returns: the items.
    mutating func list(_ node: ConfigurationNode) -> [ConfigurationNode] {
        switch node.content {
        case .null: return []
        case .sequence(let items): return items
        case .scalar, .mapping: return [node]
        case .variable(let text):
            var reader = YAMLReader(file: node.place.file, hasLines: false)
            guard let read = try? reader.read(text) else { return [node] }
            switch read.content {
            case .sequence(let items): return items
            case .mapping: return [read]
            case .null, .scalar, .variable: return [node]
            }
        }
    }

    /// A variable's text as what it says in YAML; everything else as it is.
    private mutating func expanded(_ node: ConfigurationNode) -> ConfigurationNode {
        guard case .variable(let text) = node.content else { return node }
        var reader = YAMLReader(file: node.place.file, hasLines: false)
        do throws(ConfigurationFailure) {
            return try reader.read(text)
        } catch {
            self.errors += error.errors
            return ConfigurationNode(place: node.place, content: .mapping([]))
        }
    }

    private static func error(
        _ message: String,
        _ place: ConfigurationNode.Place,
        _ mend: String?
    ) -> ConfigurationError {
        ConfigurationError(
            file: place.file,
            line: place.line,
            column: place.column,
            message: message,
            mend: mend
        )
    }
}
