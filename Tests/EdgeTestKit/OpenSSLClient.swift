import Foundation

/// The foreign TLS client: `openssl s_client`, which shakes hands, says what it saw and goes.
package struct OpenSSLClient: Sendable {
    /// Everything that it printed.
    package let text: String

    /// Shakes hands with a port of this machine.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - name: the name that it asks for; none when nil.
    ///   - options: further words, such as `-tls1_2`.
    ///   - input: what it sends after the handshake.
    /// - Throws: ``JourneyFailure`` when it does not end.
    package init(port: UInt16, name: String?, _ options: [String] = [], input: String = "") throws {
        let authority = try TestCertificates.ofThisProcess.get().authority
        let process = try FinishedProcess(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", authority]
                + (name.map { ["-servername", $0] } ?? ["-noservername"]) + options,
            input: Array(input.utf8)
        )
        self.text = process.text + "\n" + process.errors
    }

    /// The version agreed on, such as `TLSv1.3`; nil without a connection.
    package var version: String? {
        guard let line = self.text.components(separatedBy: "\n").first(where: { $0.hasPrefix("New, TLSv") }) else {
            return nil
        }
        return line.components(separatedBy: ", ").dropFirst().first
    }

    /// The SHA-256 fingerprint of the certificate that was shown; nil without one.
    package var fingerprint: String? {
        get throws { try TestCertificates.ofThisProcess.get().fingerprint(ofFirstIn: self.text) }
    }

    /// The number of the alert with which the peer refused; nil without one (RFC 8446 §6).
    package var alert: Int? {
        guard let range = self.text.range(of: "SSL alert number ") else { return nil }
        return Int(self.text[range.upperBound...].prefix { $0.isNumber })
    }
}
