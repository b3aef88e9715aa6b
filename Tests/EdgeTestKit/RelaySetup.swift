import Foundation

/// What an operator writes, with what journeys have in common filled in.
package struct RelaySetup: Sendable {
    /// `admin_host`.
    package var adminHost = "admin.example.test"
    /// `tunnel_host`.
    package var tunnelHost = "tunnel.example.test"
    /// The lines of `listeners`, as YAML flow.
    package var listeners = ["\"127.0.0.1:0\""]
    /// The names of the certificates, each a list of names and the kind of its key.
    package var certificates: [(names: [String], kind: TestCertificates.Kind)] = [
        (["admin.example.test", "tunnel.example.test"], .ecdsa)
    ]
    /// `certificates.default`.
    package var defaultCertificate: String?
    /// Who may sign: the texts of the secret files.
    package var secrets = [TestToken.secret]
    /// The lines of `routes`, as YAML flow.
    package var routes: [String] = []
    /// `timeouts`.
    package var timeouts: [String: String] = [:]
    /// `limits`.
    package var limits: [String: String] = [:]
    /// `insecure_tunnel`.
    package var acceptsPlainTunnels = true
    /// `log.level`.
    package var logLevel = "debug"
    /// The permissions of certificates, keys and secrets.
    package var fileMode = 0o600
    /// Further lines.
    package var more: [String] = []

    /// Creates the usual setup: one listener on a free port of this machine.
    package init() {}

    /// Writes the configuration and what it names.
    ///
    /// - Parameter folder: where to.
    /// - Returns: the path of `rvpn.yaml`.
    /// - Throws: where the system says no.
    package func write(to folder: TemporaryFolder) throws -> String {
        let authority = try TestCertificates.ofThisProcess.get()
        for (index, certificate) in self.certificates.enumerated() {
            let pair = try authority.pair(for: certificate.names, certificate.kind)
            try folder.copy(pair.chain, as: "certs/\(index).pem", mode: self.fileMode)
            try folder.copy(pair.key, as: "certs/\(index).key", mode: self.fileMode)
        }
        for (index, secret) in self.secrets.enumerated() {
            try folder.write("secret\(index)", secret + "\n", mode: self.fileMode)
        }
        var lines = ["admin_host: \(self.adminHost)", "tunnel_host: \(self.tunnelHost)", "listeners:"]
        lines += self.listeners.map { "  - \($0)" }
        lines += ["certificates:", "  directory: certs"]
        if let name = self.defaultCertificate { lines.append("  default: \"\(name)\"") }
        lines.append("secrets:")
        lines += self.secrets.indices.map { "  - { file: secret\($0) }" }
        if !self.routes.isEmpty { lines += ["routes:"] + self.routes.map { "  - \($0)" } }
        for (section, values) in [("timeouts", self.timeouts), ("limits", self.limits)] where !values.isEmpty {
            lines.append(
                "\(section): { \(values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }"
            )
        }
        lines += ["insecure_tunnel: \(self.acceptsPlainTunnels)", "log: { level: \(self.logLevel), format: logfmt }"]
        return try folder.write("rvpn.yaml", (lines + self.more).joined(separator: "\n") + "\n", mode: 0o644)
    }
}
