package import EdgeOpenSSL
package import EdgeTypes

/// Which certificate serves which name; replaced whole, never changed in place.
///
/// An exact name wins over a wildcard, which covers one label only (RFC 6125 §6.4.3), and the default serves where the
/// caller finds neither.
package struct CertificateStore: Sendable {
    /// A certificate as it is shown.
    package struct Entry: Sendable, Equatable {
        /// The file or entry that it came from.
        package let label: String
        /// What it says.
        package let certificate: Certificate
    }

    /// The certificates, in the order they were named.
    package let entries: [Entry]
    /// What serves where no name matches, or nil.
    package let fallback: TLSContext?
    private let contexts: [CertificateName: TLSContext]

    /// Creates a store without certificates.
    package init() {
        self.init(entries: [], contexts: [:], fallback: nil)
    }

    init(entries: [Entry], contexts: [CertificateName: TLSContext], fallback: TLSContext?) {
        self.entries = entries
        self.contexts = contexts
        self.fallback = fallback
    }

    /// Whether there is no certificate.
    package var isEmpty: Bool { self.entries.isEmpty }

    /// Finds what serves a name.
    ///
    /// - Parameter name: the name that a visitor asks for, or nil when it asks for none.
    /// - Returns: its context, or nil where no certificate covers it; the fallback is the caller's decision.
    package func context(for name: Hostname?) -> TLSContext? {
        guard let name else { return nil }
        if let exact = self.contexts[.exact(name)] { return exact }
        return name.parent.flatMap { self.contexts[.wildcard($0)] }
    }

    /// Whether a certificate covers a name.
    ///
    /// - Parameter name: a name.
    /// - Returns: true when one does.
    package func covers(_ name: Hostname) -> Bool {
        self.context(for: name) != nil
    }
}
