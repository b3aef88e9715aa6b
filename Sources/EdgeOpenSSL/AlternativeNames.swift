import CSSL

/// The names that a certificate is for (RFC 5280 §4.2.1.6).
enum AlternativeNames {
    /// The DNS names and addresses of the subject alternative name, or nil when the certificate has none.
    static func of(_ certificate: OpaquePointer) -> [String]? {
        guard let decoded = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return nil }
        let list = OpaquePointer(decoded)
        defer { GENERAL_NAMES_free(list) }
        return (0..<max(0, OPENSSL_sk_num(list))).compactMap { index in
            guard let entry = OPENSSL_sk_value(list, index) else { return nil }
            let name = entry.assumingMemoryBound(to: GENERAL_NAME.self).pointee
            switch name.type {
            case GEN_DNS: return self.text(name.d.dNSName)
            case GEN_IPADD: return self.address(self.bytes(name.d.iPAddress))
            default: return nil
            }
        }
    }

    /// The last common name of the subject, which names a host only in old certificates (RFC 6125 §6.4.4).
    static func commonName(of certificate: OpaquePointer) -> String? {
        let subject = X509_get_subject_name(certificate)
        var last: Int32 = -1
        while case let next = X509_NAME_get_index_by_NID(subject, NID_commonName, last), next >= 0 { last = next }
        guard last >= 0, let entry = X509_NAME_get_entry(subject, last) else { return nil }
        return X509_NAME_ENTRY_get_data(entry).map { self.text($0) }
    }

    private static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String {
        String(decoding: self.bytes(string), as: UTF8.self)
    }

    private static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string, let data = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(max(0, ASN1_STRING_length(string)))))
    }

    /// Dotted decimal for 4 bytes, eight groups for 16.
    private static func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4:
            bytes.map { String($0) }.joined(separator: ".")
        case 16:
            stride(from: 0, to: 16, by: 2)
                .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
                .joined(separator: ":")
        default:
            nil
        }
    }
}
