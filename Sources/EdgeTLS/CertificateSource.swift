package import EdgeOpenSSL

/// A certificate's chain and key with the name that an operator knows them by.
package struct CertificateSource: Sendable {
    /// The file or entry that they came from, for messages.
    package let label: String
    /// Chain and key.
    package let pair: KeyPair

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - label: the file or entry, for messages.
    ///   - chainPEM: the chain, the leaf first; may hold the key too.
    ///   - keyPEM: the private key; empty when it is in the chain's text.
    package init(label: String, chainPEM: [UInt8], keyPEM: [UInt8]) {
        self.label = label
        self.pair = KeyPair(chainPEM: chainPEM, keyPEM: keyPEM)
    }
}
