import EdgeTypes

/// A pattern in the form in which a visitor's name is looked up: a piece of the name finds a suffix without a copy.
enum NameKey: Sendable, Hashable {
    case exact(Hostname)
    case below(Substring)
    case any

    init(_ pattern: HostnamePattern) {
        self =
            switch pattern {
            case .exact(let name): .exact(name)
            case .below(let suffix): .below(suffix.text[...])
            case .any: .any
            }
    }

    /// The first key that fits a name and a condition: the name itself, then the suffixes below which it lies, the
    /// longest first, then the key of every name.
    static func first(for name: Hostname, where condition: (NameKey) -> Bool) -> NameKey? {
        if condition(.exact(name)) { return .exact(name) }
        var rest = name.text[...]
        while let dot = rest.utf8.firstIndex(of: 0x2E) {
            rest = rest[rest.utf8.index(after: dot)...]
            if condition(.below(rest)) { return .below(rest) }
        }
        return condition(.any) ? .any : nil
    }
}
