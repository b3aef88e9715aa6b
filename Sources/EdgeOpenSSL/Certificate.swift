import CSSL
import CShims

/// What a certificate says (RFC 5280), read once.
package struct Certificate: Sendable, Equatable {
    /// The kind of a certificate's key.
    package enum KeyKind: String, Sendable, Hashable, CaseIterable {
        /// An elliptic curve's.
        case ecdsa
        /// RSA, also when it may be used with RSASSA-PSS only.
        case rsa
        /// Ed25519 (RFC 8410).
        case ed25519
        /// Another.
        case other
    }

    /// Whom it names (RFC 4514).
    package let subject: String
    /// Who signed it (RFC 4514).
    package let issuer: String
    /// Its DNS names and addresses; the common name where it has no subject alternative name.
    package let names: [String]
    /// When it begins to be valid, in Unix seconds.
    package let notBefore: Int
    /// When it ceases to be valid, in Unix seconds.
    package let notAfter: Int
    /// The kind of its key.
    package let keyKind: KeyKind
    /// The SHA-256 digest of it, in lower-case hexadecimal digits.
    package let fingerprint: String

    /// Reads the first certificate of a chain.
    ///
    /// - Parameter chainPEM: PEM text, the leaf first.
    /// - Throws: ``OpenSSLError`` when there is no certificate or one cannot be read.
    package init(chainPEM: [UInt8]) throws(OpenSSLError) {
        let chain = try PEMReader.certificates(in: chainPEM)
        defer { for certificate in chain { X509_free(certificate) } }
        guard let leaf = chain.first else { throw OpenSSLError(cause: .noCertificate) }
        self.init(leaf)
    }

    /// Finds the first certificate of a chain that the next one did not issue.
    ///
    /// - Parameter chainPEM: PEM text, the leaf first.
    /// - Returns: its position, counted from 1, or nil when each is issued by the next.
    /// - Throws: ``OpenSSLError`` when there is no certificate or one cannot be read.
    package static func breakInChain(_ chainPEM: [UInt8]) throws(OpenSSLError) -> Int? {
        let chain = try PEMReader.certificates(in: chainPEM)
        defer { for certificate in chain { X509_free(certificate) } }
        let pairs = zip(chain, chain.dropFirst())
        let broken = pairs.enumerated().first { X509_check_issued($0.element.1, $0.element.0) != X509_V_OK }
        return broken.map { $0.offset + 1 }
    }

    /// Reads an `X509 *`, which stays the caller's.
    init(_ certificate: OpaquePointer) {
        self.subject = Self.text(of: X509_get_subject_name(certificate))
        self.issuer = Self.text(of: X509_get_issuer_name(certificate))
        let alternatives = AlternativeNames.of(certificate)
        self.names = alternatives ?? AlternativeNames.commonName(of: certificate).map { [$0] } ?? []
        self.notBefore = Self.unixSeconds(X509_get0_notBefore(certificate))
        self.notAfter = Self.unixSeconds(X509_get0_notAfter(certificate))
        self.keyKind = Self.kind(of: X509_get0_pubkey(certificate))
        self.fingerprint = Self.fingerprint(of: certificate)
    }

    /// The kind of an `EVP_PKEY *`.
    static func kind(of key: OpaquePointer?) -> KeyKind {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC: .ecdsa
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: .rsa
        case EVP_PKEY_ED25519: .ed25519
        default: .other
        }
    }

    private static func text(of name: OpaquePointer?) -> String {
        let out = BIO_new(BIO_s_mem())
        defer { BIO_free(out) }
        guard let name, CShims_X509_NAME_print_rfc2253(out, name) > 0 else { return "" }
        var text = [UInt8](repeating: 0, count: BIO_ctrl_pending(out))
        let count = BIO_read(out, &text, Int32(clamping: text.count))
        return String(decoding: text.prefix(max(0, Int(count))), as: UTF8.self)
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        let epoch = ASN1_TIME_set(nil, 0)
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return 0 }
        return Int(days) * 86_400 + Int(seconds)
    }

    private static func fingerprint(of certificate: OpaquePointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return "" }
        return digest.prefix(Int(count)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
