/// Which names something applies to.
package enum HostnamePattern: Sendable, Hashable, CustomStringConvertible {
    /// One name.
    case exact(Hostname)
    /// `*.suffix`: every name below the suffix, at any depth, but not the suffix itself.
    case below(Hostname)
    /// `*`: every name.
    case any

    /// Reads a pattern.
    ///
    /// - Parameter text: a name, `*.name` or `*`.
    package init?(_ text: some StringProtocol) {
        if text == "*" {
            self = .any
        } else if text.hasPrefix("*.") {
            guard let suffix = Hostname(text.dropFirst(2)), !suffix.isAddressLiteral else { return nil }
            self = .below(suffix)
        } else {
            guard let name = Hostname(text) else { return nil }
            self = .exact(name)
        }
    }

    /// Whether the pattern applies to a name.
    ///
    /// - Parameter name: a name.
    /// - Returns: true when it does.
    package func matches(_ name: Hostname) -> Bool {
        switch self {
        case .exact(let exact): exact == name
        case .below(let suffix):
            name.text.utf8.count > suffix.text.utf8.count + 1
                && name.text.hasSuffix(suffix.text) && name.text.dropLast(suffix.text.count).last == "."
        case .any: true
        }
    }

    /// The pattern as it is written.
    package var description: String {
        switch self {
        case .exact(let name): name.text
        case .below(let suffix): "*.\(suffix.text)"
        case .any: "*"
        }
    }
}
