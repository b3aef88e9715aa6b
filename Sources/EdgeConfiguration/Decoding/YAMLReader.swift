import Yams

/// YAML text to nodes with places.
///
/// The one file that knows the library.
struct YAMLReader {
    /// The most nodes that a file may have, aliases counted where they are used: ten short lines of nested aliases would
    /// otherwise fill any memory.
    static let mostNodes = 1_000_000

    /// What places are said to be in.
    let file: String
    /// Whether lines and columns mean anything: those of a variable's text do not.
    var hasLines = true

    private var nodes = 0

    init(file: String, hasLines: Bool = true) {
        self.file = file
        self.hasLines = hasLines
    }

    /// Reads text.
    ///
    /// - Parameter text: one YAML document.
    /// - Returns: its root; nothing where the text holds nothing.
    /// - Throws: what is not YAML about it.
    mutating func read(_ text: String) throws(ConfigurationFailure) -> ConfigurationNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw self.failure(error)
        } catch {
            throw ConfigurationFailure(errors: [ConfigurationError(file: self.file, message: "not YAML: \(error)")])
        }
        guard let root else {
            return ConfigurationNode(place: ConfigurationNode.Place(file: self.file), content: .null)
        }
        return try self.convert(root)
    }

    private mutating func convert(_ node: Node) throws(ConfigurationFailure) -> ConfigurationNode {
        self.nodes += 1
        guard self.nodes <= Self.mostNodes else {
            throw ConfigurationFailure(errors: [
                self.error("more than \(Self.mostNodes) values, aliases counted", at: node.mark)
            ])
        }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            let content = isNull ? ConfigurationNode.Content.null : .scalar(scalar.string)
            return ConfigurationNode(place: self.place(scalar.mark), content: content)
        case .sequence(let sequence):
            var items: [ConfigurationNode] = []
            for item in sequence { items.append(try self.convert(item)) }
            return ConfigurationNode(place: self.place(sequence.mark), content: .sequence(items))
        case .mapping(let mapping):
            var pairs: [ConfigurationNode.Pair] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw ConfigurationFailure(errors: [self.error("a key must be a single word", at: key.mark)])
                }
                let place = self.place(name.mark)
                pairs.append(ConfigurationNode.Pair(key: name.string, place: place, value: try self.convert(value)))
            }
            return ConfigurationNode(place: self.place(mapping.mark), content: .mapping(pairs))
        case .alias(let alias):
            throw ConfigurationFailure(errors: [self.error("an alias of nothing", at: alias.mark)])
        }
    }

    private func place(_ mark: Mark?) -> ConfigurationNode.Place {
        guard self.hasLines, let mark else { return ConfigurationNode.Place(file: self.file) }
        return ConfigurationNode.Place(file: self.file, line: mark.line, column: mark.column)
    }

    private func error(_ message: String, at mark: Mark?) -> ConfigurationError {
        let place = self.place(mark)
        return ConfigurationError(file: place.file, line: place.line, column: place.column, message: message)
    }

    private func failure(_ error: YamlError) -> ConfigurationFailure {
        let found: ConfigurationError =
            switch error {
            case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
                .composer(let context, let problem, let mark, _):
                self.error("not YAML: \(context.map { "\($0.text): " } ?? "")\(problem)", at: mark)
            case .duplicatedKeysInMapping(let duplicates, let context):
                self.error(
                    "written more than once: \(duplicates.sorted().joined(separator: ", "))",
                    at: context.mark
                )
            case .reader(let problem, _, _, _):
                self.error("not YAML: \(problem)", at: nil)
            case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
                self.error("not YAML", at: nil)
            }
        return ConfigurationFailure(errors: [found])
    }
}
