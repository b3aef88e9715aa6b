/// A certificate's chain and its private key, as PEM text.
package struct KeyPair: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The chain, the leaf first; may hold the key too.
    package let chainPEM: [UInt8]
    /// The private key, not encrypted; empty when it is in the chain's text.
    package let keyPEM: [UInt8]

    /// Creates a pair.
    ///
    /// - Parameters:
    ///   - chainPEM: the chain, the leaf first; may hold the key too.
    ///   - keyPEM: the private key, not encrypted; empty when it is in the chain's text.
    package init(chainPEM: [UInt8], keyPEM: [UInt8]) {
        self.chainPEM = chainPEM
        self.keyPEM = keyPEM
    }

    /// How long the texts are: the key is a secret.
    package var description: String { "chain of \(self.chainPEM.count) bytes, key ••••" }

    /// How long the texts are: the key is a secret.
    package var debugDescription: String { self.description }

    /// The chain's length alone: the key is a secret.
    package var customMirror: Mirror { Mirror(self, children: ["chain": self.chainPEM.count]) }
}
