import Foundation
import Glibc
import Synchronization

/// An authority and the certificates it signed, made with the `openssl` command once a test process, never kept.
package final class TestCertificates: Sendable {
    /// The kind of a certificate's key.
    package enum Kind: String, Sendable {
        /// ECDSA with P-256.
        case ecdsa
        /// RSA with 2048 bits.
        case rsa
    }

    /// A certificate with its key.
    package struct Pair: Sendable {
        /// The path of the chain, PEM.
        package let chain: String
        /// The path of the key, PEM.
        package let key: String
        /// The certificate's SHA-256 fingerprint as `openssl x509 -fingerprint` prints it.
        package let fingerprint: String
    }

    /// The one that the tests of a process have in common.
    package static let ofThisProcess: Result<TestCertificates, any Error> = {
        // A static value is never given back: its keys go when the process does.
        atexit { try? TestCertificates.ofThisProcess.get().folder.remove() }
        return Result { try TestCertificates() }
    }()

    /// Everything lies here.
    package let folder: TemporaryFolder
    /// The authority's certificate: what clients trust.
    package let authority: String
    private let made = Mutex<[String: Pair]>([:])

    /// Makes an authority.
    ///
    /// - Throws: ``JourneyFailure`` where `openssl` does not do what it is told.
    package init() throws {
        self.folder = try TemporaryFolder()
        self.authority = self.folder.path + "/authority.pem"
        let settings = """
            [req]
            distinguished_name = name
            x509_extensions = authority
            prompt = no
            [name]
            CN = Journey Authority
            [authority]
            basicConstraints = critical, CA:TRUE
            keyUsage = critical, keyCertSign
            subjectKeyIdentifier = hash
            """
        try self.folder.write("authority.cnf", settings)
        try self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
                + ["-config", "authority.cnf", "-keyout", "authority.key", "-out", "authority.pem"]
        )
    }

    /// A certificate for names; the same one when asked again.
    ///
    /// - Parameters:
    ///   - names: what it is for; wildcards and addresses too.
    ///   - kind: its key.
    ///   - generation: another number gives another certificate for the same names.
    /// - Returns: the pair.
    /// - Throws: ``JourneyFailure`` where `openssl` does not do what it is told.
    package func pair(for names: [String], _ kind: Kind = .ecdsa, generation: Int = 1) throws -> Pair {
        let label = "\(names.joined(separator: "+"))-\(kind)-\(generation)".replacingOccurrences(of: "*", with: "any")
        return try self.made.withLock { made in
            if let pair = made[label] { return pair }
            let pair = try self.make(names, kind, "pair-\(made.count)")
            made[label] = pair
            return pair
        }
    }

    private func make(_ names: [String], _ kind: Kind, _ label: String) throws -> Pair {
        let alternatives = names.map { name in
            let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
            return (isAddress ? "IP:" : "DNS:") + name
        }
        let extensions = """
            subjectAltName = \(alternatives.joined(separator: ", "))
            basicConstraints = CA:FALSE
            extendedKeyUsage = serverAuth
            authorityKeyIdentifier = keyid
            """
        try self.folder.write("\(label).cnf", extensions)
        let key =
            switch kind {
            case .ecdsa: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            case .rsa: ["-newkey", "rsa:2048"]
            }
        try self.openssl(
            ["req"] + key
                + ["-nodes", "-subj", "/CN=\(label)", "-keyout", "\(label).key", "-out", "\(label).csr"]
        )
        try self.openssl(
            ["x509", "-req", "-in", "\(label).csr", "-CA", "authority.pem", "-CAkey", "authority.key"]
                + ["-CAcreateserial", "-days", "20", "-extfile", "\(label).cnf", "-out", "\(label).pem"]
        )
        let fingerprint = try self.openssl(["x509", "-in", "\(label).pem", "-noout", "-fingerprint", "-sha256"])
        return Pair(
            chain: self.folder.path + "/\(label).pem",
            key: self.folder.path + "/\(label).key",
            fingerprint: Self.fingerprint(in: fingerprint) ?? ""
        )
    }

    /// The fingerprint of the first certificate in a text, such as what `openssl s_client` prints.
    ///
    /// - Parameter pem: text that holds a certificate.
    /// - Returns: the SHA-256 fingerprint, or nil where there is no certificate.
    /// - Throws: ``JourneyFailure`` where `openssl` does not do what it is told.
    package func fingerprint(ofFirstIn pem: String) throws -> String? {
        guard pem.contains("BEGIN CERTIFICATE") else { return nil }
        let arguments = ["x509", "-noout", "-fingerprint", "-sha256"]
        return Self.fingerprint(in: try FinishedProcess("openssl", arguments, input: Array(pem.utf8)).text)
    }

    private static func fingerprint(in line: String) -> String? {
        line.components(separatedBy: "=").last?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    private func openssl(_ arguments: [String]) throws -> String {
        let process = try FinishedProcess("openssl", arguments, folder: self.folder.path)
        guard process.status == .exited(0) else {
            throw JourneyFailure("openssl \(arguments.joined(separator: " ")): \(process.errors)")
        }
        return process.text
    }
}
