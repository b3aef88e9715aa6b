/// One certificate, as the status shows it.
package struct CertificateStatus: Sendable, Hashable, Codable {
    /// The names that it covers.
    package let names: [String]
    /// When it expires, in Unix seconds.
    package let notAfter: Int
    /// The kind of its key, as a person reads it: `EC P-256`.
    package let key: String

    /// Creates a certificate's status.
    ///
    /// - Parameters:
    ///   - names: the names that it covers.
    ///   - notAfter: when it expires, in Unix seconds.
    ///   - key: the kind of its key, as a person reads it.
    package init(names: [String], notAfter: Int, key: String) {
        self.names = names
        self.notAfter = notAfter
        self.key = key
    }
}
