package import EdgeOpenSSL

/// What a handshake came to.
package struct TLSHandshakeSummary: Sendable, Equatable {
    /// The version agreed on.
    package let version: TLSVersion
    /// The cipher suite agreed on, as the registry names it (RFC 8446 §B.4).
    package let cipher: String
    /// The application protocol agreed on (RFC 7301), or nil without one.
    package let applicationProtocol: String?
    /// Whether an earlier connection's session shortened the handshake.
    package let isResumed: Bool

    /// Creates a summary.
    ///
    /// - Parameters:
    ///   - version: the version agreed on.
    ///   - cipher: the cipher suite agreed on.
    ///   - applicationProtocol: the application protocol agreed on, or nil without one.
    ///   - isResumed: whether an earlier connection's session shortened the handshake.
    package init(version: TLSVersion, cipher: String, applicationProtocol: String?, isResumed: Bool) {
        self.version = version
        self.cipher = cipher
        self.applicationProtocol = applicationProtocol
        self.isResumed = isResumed
    }
}
