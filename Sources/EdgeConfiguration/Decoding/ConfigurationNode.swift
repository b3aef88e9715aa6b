/// A piece of what was written, with its place.
struct ConfigurationNode {
    /// Where something is written.
    struct Place {
        /// The file, or the environment's variable.
        var file: String
        /// The line, from 1.
        var line: Int?
        /// The column, from 1.
        var column: Int?
    }

    /// One key of a mapping with its value.
    struct Pair {
        /// The key.
        var key: String
        /// Where the key stands.
        var place: Place
        /// What it says.
        var value: ConfigurationNode
    }

    /// What the piece is.
    enum Content {
        /// Nothing: an empty value, `~` or `null`.
        case null
        /// A bare or quoted text.
        case scalar(String)
        /// A variable's text, which becomes a list or a mapping only where one is wanted.
        case variable(String)
        /// A list.
        case sequence([ConfigurationNode])
        /// Keys and values in the order in which they are written.
        case mapping([Pair])
    }

    /// Where it is written.
    var place: Place
    /// What it is.
    var content: Content

    /// Whether it is a mapping without a key.
    var isEmptyMapping: Bool {
        guard case .mapping(let pairs) = self.content else { return false }
        return pairs.isEmpty
    }

    /// The text of a scalar.
    var text: String? {
        switch self.content {
        case .scalar(let text), .variable(let text): text
        case .null, .sequence, .mapping: nil
        }
    }

    /// What it is, in an operator's words.
    var kind: String {
        switch self.content {
        case .null: "nothing"
        case .scalar, .variable: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The value of a key.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - ignoringCase: whether upper and lower case are the same.
    /// - Returns: the pair, or nil where this is no mapping or has no such key.
    func pair(_ key: String, ignoringCase: Bool = false) -> Pair? {
        guard case .mapping(let pairs) = self.content else { return nil }
        return pairs.first { $0.key == key || (ignoringCase && $0.key.lowercased() == key) }
    }

    /// Puts a value at a path, making the mappings on the way to it.
    ///
    /// - Parameters:
    ///   - path: the keys, outermost first.
    ///   - value: what to put there in place of what is there.
    mutating func set(_ path: ArraySlice<String>, to value: ConfigurationNode) {
        guard let key = path.first else {
            self = value
            return
        }
        var pairs: [Pair] = []
        if case .mapping(let present) = self.content { pairs = present }
        let index = pairs.firstIndex { $0.key == key }
        let empty = ConfigurationNode(place: value.place, content: .null)
        var pair = index.map { pairs[$0] } ?? Pair(key: key, place: value.place, value: empty)
        pair.value.set(path.dropFirst(), to: value)
        if let index { pairs[index] = pair } else { pairs.append(pair) }
        self.content = .mapping(pairs)
    }
}
