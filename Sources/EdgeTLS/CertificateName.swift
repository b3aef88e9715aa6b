import EdgeTypes

/// A name in a certificate: a host or address, or every host one label below a name (RFC 6125 §6.4.3).
enum CertificateName: Hashable, CustomStringConvertible {
    /// One host or address.
    case exact(Hostname)
    /// `*.parent`: the names with one label more.
    case wildcard(Hostname)

    /// Reads a name; nil for what no visitor can ask for, such as `a*.example.com` or `*`.
    init?(_ text: String) {
        if text.hasPrefix("*.") {
            guard let parent = Hostname(text.dropFirst(2)), !parent.isAddressLiteral else { return nil }
            self = .wildcard(parent)
        } else {
            guard let name = Hostname(text) else { return nil }
            self = .exact(name)
        }
    }

    /// The name as the certificate has it.
    var description: String {
        switch self {
        case .exact(let name): name.text
        case .wildcard(let parent): "*.\(parent.text)"
        }
    }
}
