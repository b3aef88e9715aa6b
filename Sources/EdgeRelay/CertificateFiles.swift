import EdgeConfiguration
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// Reads the certificates that a configuration names.
///
/// A directory holds `X.pem` or `X.crt` with the key inside or in `X.key`, and `fullchain.pem` with `privkey.pem`, in it
/// or one level below.
struct CertificateFiles {
    /// What could not be read or used, each with its file.
    private(set) var problems: [CheckProblem] = []
    /// The files that were read, for the check after a change of user.
    private(set) var paths: [String] = []

    /// Reads certificates and their keys.
    ///
    /// - Parameter configuration: where they are.
    /// - Returns: each certificate with its key, as bytes named by their file.
    mutating func read(_ configuration: CertificateConfiguration) -> [CertificateSource] {
        var sources: [CertificateSource] = []
        for entry in configuration.entries {
            if let source = self.source(chain: entry.chain, key: entry.key) { sources.append(source) }
        }
        if let directory = configuration.directory {
            for (chain, key) in self.pairs(in: directory) {
                if let source = self.source(chain: chain, key: key) { sources.append(source) }
            }
        }
        return sources
    }

    private mutating func source(chain: String, key: String?) -> CertificateSource? {
        guard let chainBytes = self.contents(chain) else { return nil }
        guard let key else { return CertificateSource(label: chain, chainPEM: chainBytes, keyPEM: chainBytes) }
        guard let keyBytes = self.contents(key) else { return nil }
        self.warn(ofMode: key)
        return CertificateSource(label: chain, chainPEM: chainBytes, keyPEM: keyBytes)
    }

    private mutating func contents(_ path: String) -> [UInt8]? {
        do throws(SystemError) {
            let bytes = try FileReading.read(path: path)
            self.paths.append(path)
            return bytes
        } catch {
            self.problems.append(
                CheckProblem(file: path, message: "\(error)", mend: "give the relay's user the right to read it")
            )
            return nil
        }
    }

    private mutating func warn(ofMode path: String) {
        guard let mode = try? FileReading.modeIfOpenToOthers(path: path) else { return }
        let octal = String(mode & 0o7777, radix: 8)
        self.problems.append(
            CheckProblem(
                file: path,
                message: "others can read this key (mode 0\(octal))",
                mend: "chmod 600 \(path)",
                isWarning: true
            )
        )
    }

    /// The pairs in a folder and in the folders just below it.
    private mutating func pairs(in directory: String) -> [(chain: String, key: String?)] {
        var pairs: [(chain: String, key: String?)] = []
        do throws(SystemError) {
            let names = try FileReading.names(inDirectory: directory).sorted()
            pairs += self.pairs(names, in: directory)
            for name in names where FileReading.isDirectory(path: "\(directory)/\(name)") {
                let folder = "\(directory)/\(name)"
                guard let inner = try? FileReading.names(inDirectory: folder) else { continue }
                pairs += self.pairs(inner.sorted(), in: folder)
            }
        } catch {
            self.problems.append(
                CheckProblem(file: directory, message: "\(error)", mend: "create the folder, or name another")
            )
        }
        return pairs
    }

    private func pairs(_ names: [String], in folder: String) -> [(chain: String, key: String?)] {
        let all = Set(names)
        var pairs: [(chain: String, key: String?)] = []
        for name in names {
            if name == "fullchain.pem" {
                pairs.append(("\(folder)/\(name)", all.contains("privkey.pem") ? "\(folder)/privkey.pem" : nil))
                continue
            }
            guard name != "privkey.pem", let stem = Self.stem(name) else { continue }
            if all.contains("\(stem).key") {
                pairs.append(("\(folder)/\(name)", "\(folder)/\(stem).key"))
            } else if let bytes = try? FileReading.read(path: "\(folder)/\(name)"), Self.holdsKey(bytes) {
                pairs.append(("\(folder)/\(name)", nil))
            }
        }
        return pairs
    }

    private static func stem(_ name: String) -> String? {
        for ending in [".pem", ".crt"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return nil
    }

    /// Whether a file holds a private key beside its certificates; a chain alone (an authority's) is not served.
    private static func holdsKey(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY-----")
    }
}
