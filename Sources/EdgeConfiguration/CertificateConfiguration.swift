package import EdgeTypes

/// Where certificates are found.
///
/// Paths are absolute, or relative to the process where the folder given was.
package struct CertificateConfiguration: Sendable, Hashable {
    /// A certificate that is named by file.
    package struct Entry: Sendable, Hashable {
        /// `chain`: the file with the certificate and those that lead to its issuer.
        package var chain: String
        /// `key`: the file with the private key; the chain's own by default.
        package var key: String

        /// Creates an entry.
        ///
        /// - Parameters:
        ///   - chain: the file with the certificates.
        ///   - key: the file with the private key.
        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// `directory`: a folder whose pairs are all served, or nil.
    package var directory: String?
    /// `entries`: certificates named one by one.
    package var entries: [Entry]
    /// `default`: the name whose certificate is served where none matches; an alert is, where this is nil.
    package var defaultName: Hostname?

    /// Creates a set.
    ///
    /// - Parameters:
    ///   - directory: a folder whose pairs are all served.
    ///   - entries: certificates named one by one.
    ///   - defaultName: the name whose certificate is served where none matches.
    package init(directory: String? = nil, entries: [Entry] = [], defaultName: Hostname? = nil) {
        self.directory = directory
        self.entries = entries
        self.defaultName = defaultName
    }

    /// Whether the set names no certificate at all.
    package var isEmpty: Bool { self.directory == nil && self.entries.isEmpty }
}
