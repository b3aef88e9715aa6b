import EdgeOpenSSL

extension CertificateStore.Entry {
    /// The names that the certificate is for.
    package var names: [String] { self.certificate.names }
    /// The end of its time, in Unix seconds.
    package var notAfter: Int { self.certificate.notAfter }
    /// The kind of its key, one word.
    package var keyKind: String { self.certificate.keyKind.rawValue }
}
