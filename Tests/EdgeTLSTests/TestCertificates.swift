import EdgeOpenSSL
import EdgeTLS
import Foundation

/// Certificates that the tests make with the `openssl` command, in a folder that is gone afterwards.
enum TestCertificates {
    /// A self-signed ECDSA certificate for localhost, *.example.test and 127.0.0.1.
    static let ecdsa = selfSigned(.ecdsa, names: ["DNS:localhost", "DNS:*.example.test", "IP:127.0.0.1"])
    /// A self-signed RSA certificate for the same names.
    static let rsa = selfSigned(.rsa, names: ["DNS:localhost", "DNS:*.example.test", "IP:127.0.0.1"])
    /// A self-signed ECDSA certificate for another name.
    static let other = selfSigned(.ecdsa, names: ["DNS:other.test", "IP:::1"])
    /// An authority, and a certificate for chained.test that it signed: the leaf, then the authority.
    static let (authority, chained) = signed(names: ["DNS:chained.test"])

    /// Makes a certificate that vouches for itself.
    static func selfSigned(_ kind: Certificate.KeyKind, names: [String], days: Int = 30) -> KeyPair {
        inTemporaryFolder { folder in
            openssl(
                ["req", "-x509", "-nodes", "-days", "\(days)", "-subj", "/CN=test", "-keyout", "\(folder)/key"]
                    + ["-out", "\(folder)/chain"] + keyArguments(kind) + nameArguments(names)
            )
            return KeyPair(chainPEM: read("\(folder)/chain"), keyPEM: read("\(folder)/key"))
        }
    }

    private static func signed(names: [String]) -> (authority: [UInt8], pair: KeyPair) {
        inTemporaryFolder { folder in
            openssl(
                ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=authority", "-keyout", "\(folder)/root.key"]
                    + ["-out", "\(folder)/root"] + keyArguments(.ecdsa)
            )
            openssl(
                ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=leaf", "-keyout", "\(folder)/key"]
                    + ["-CA", "\(folder)/root", "-CAkey", "\(folder)/root.key", "-out", "\(folder)/leaf"]
                    + ["-addext", "basicConstraints=critical,CA:FALSE"] + keyArguments(.ecdsa) + nameArguments(names)
            )
            let authority = read("\(folder)/root")
            let pair = KeyPair(chainPEM: read("\(folder)/leaf") + authority, keyPEM: read("\(folder)/key"))
            return (authority, pair)
        }
    }

    /// The key of a pair behind a password.
    static func encryptedKey(of pair: KeyPair) -> [UInt8] {
        inTemporaryFolder { folder in
            _ = FileManager.default.createFile(atPath: "\(folder)/plain", contents: Data(pair.keyPEM))
            openssl(["pkey", "-in", "\(folder)/plain", "-aes128", "-passout", "pass:abc123", "-out", "\(folder)/key"])
            return read("\(folder)/key")
        }
    }

    private static func keyArguments(_ kind: Certificate.KeyKind) -> [String] {
        switch kind {
        case .rsa: ["-newkey", "rsa:2048"]
        case .ed25519: ["-newkey", "ed25519"]
        case .ecdsa, .other: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        }
    }

    private static func nameArguments(_ names: [String]) -> [String] {
        names.isEmpty ? [] : ["-addext", "subjectAltName=" + names.joined(separator: ",")]
    }

    private static func inTemporaryFolder<Result>(_ make: (String) -> Result) -> Result {
        let folder = NSTemporaryDirectory() + "/edge-tls-tests-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return make(folder)
    }

    private static func openssl(_ arguments: [String]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
    }

    private static func read(_ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map(Array.init) ?? []
    }
}
