import CSSL

/// Certificates and keys out of PEM text (RFC 7468).
///
/// Nobody is asked for a password, as OpenSSL would by itself, on the terminal: the callback that asks says no.
enum PEMReader {
    /// Reads every certificate.
    ///
    /// - Parameter pem: text; what is not a certificate is passed over.
    /// - Returns: at least one `X509 *`, in order, that the caller frees.
    /// - Throws: ``OpenSSLError`` with the cause `noCertificate` or `unreadableCertificate`.
    static func certificates(in pem: [UInt8]) throws(OpenSSLError) -> [OpaquePointer] {
        OpenSSLError.forgetEarlier()
        let found = self.reading(pem) { source in
            var found: [OpaquePointer] = []
            while let certificate = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
                found.append(certificate)
            }
            return found
        }
        let last = ERR_peek_last_error()
        // The end of the text is no error.
        if last != 0, !(ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE) {
            for certificate in found { X509_free(certificate) }
            throw OpenSSLError.drained(.unreadableCertificate)
        }
        ERR_clear_error()
        guard !found.isEmpty else { throw OpenSSLError(cause: .noCertificate) }
        return found
    }

    /// Reads the first private key.
    ///
    /// - Parameter pem: text; what is not a key is passed over.
    /// - Returns: an `EVP_PKEY *` that the caller frees.
    /// - Throws: ``OpenSSLError`` with the cause `unreadableKey`; an encrypted key is one.
    static func privateKey(in pem: [UInt8]) throws(OpenSSLError) -> OpaquePointer {
        OpenSSLError.forgetEarlier()
        let key = self.reading(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let key else { throw OpenSSLError.drained(.unreadableKey) }
        ERR_clear_error()
        return key
    }

    private static func reading<Result>(_ pem: [UInt8], _ read: (OpaquePointer?) -> Result) -> Result {
        pem.withUnsafeBytes { bytes in
            let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { BIO_free(source) }
            return read(source)
        }
    }
}
