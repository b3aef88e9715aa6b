package import EdgeOpenSSL
package import EdgeTypes

/// What is wrong with a certificate, worded for the operator whose it is.
package enum CertificateProblem: Sendable, Equatable, CustomStringConvertible {
    /// Certificate or key cannot be used: unreadable, missing, or not of one pair.
    case unusable(label: String, OpenSSLError)
    /// A certificate in the chain was not issued by the next one.
    case chainOutOfOrder(label: String, position: Int)
    /// The certificate names no host.
    case noName(label: String)
    /// No certificate covers the name that is the default.
    case defaultNotCovered(Hostname)
    /// The certificate is past its end, in Unix seconds. Served all the same.
    case expired(label: String, notAfter: Int)
    /// The certificate's time has not begun, in Unix seconds. Served all the same.
    case notYetValid(label: String, notBefore: Int)
    /// A name in the certificate that no visitor can ask for. Left out.
    case unusableName(label: String, name: String)
    /// Another certificate with the same kind of key covers the name and is valid for longer: that one serves it.
    case replaced(label: String, name: String, by: String)

    /// Whether nothing can be served before it is mended; the others are warnings.
    package var isFatal: Bool {
        switch self {
        case .unusable, .chainOutOfOrder, .noName, .defaultNotCovered: true
        case .expired, .notYetValid, .unusableName, .replaced: false
        }
    }

    /// The problem in words, with the file and without secrets.
    package var description: String {
        switch self {
        case .unusable(let label, let error):
            "\(label): \(error)"
        case .chainOutOfOrder(let label, let position):
            "\(label): certificate \(position) of the chain was not issued by certificate \(position + 1)"
        case .noName(let label):
            "\(label): the certificate names no host"
        case .defaultNotCovered(let name):
            "no certificate covers the default name \(name)"
        case .expired(let label, let notAfter):
            "\(label): the certificate expired at \(notAfter) (Unix time)"
        case .notYetValid(let label, let notBefore):
            "\(label): the certificate is not valid before \(notBefore) (Unix time)"
        case .unusableName(let label, let name):
            "\(label): the certificate's name \(name.debugDescription) cannot be served"
        case .replaced(let label, let name, let other):
            "\(label): \(name) is served with \(other), which is valid for longer"
        }
    }
}
