import EdgeTokens
import EdgeTypes
import FoundationEssentials

/// What a token says, for people and for programs.
struct TokenReport {
    /// The token's header.
    let header: TokenHeader
    /// The token's claims.
    let claims: TokenClaims
    /// The secret that it verified with; nil where it did not, or where none was given.
    let verifiedWith: String?
    /// Why it does not verify; nil where it does, or where no secret was given.
    let refusal: TokenError?

    /// Reads a token, and verifies it where a secret is given.
    ///
    /// - Parameters:
    ///   - text: the token.
    ///   - key: the secret, where there is one.
    ///   - leeway: how far clocks may be apart.
    ///   - now: the time, in Unix seconds.
    /// - Throws: what is wrong with the token's form; then there is nothing to show.
    init(_ text: String, key: SigningKey?, leeway: Duration, now: Int) throws(TokenError) {
        let token = try CompactToken(text)
        self.header = token.header
        self.claims = try TokenClaims(json: token.payload)
        guard let key else {
            self.verifiedWith = nil
            self.refusal = nil
            return
        }
        do throws(TokenError) {
            self.verifiedWith = try TokenVerifier(keys: [key], leeway: leeway).verify(text, at: now).keyID
            self.refusal = nil
        } catch {
            self.verifiedWith = nil
            self.refusal = error
        }
    }

    /// The report for people.
    ///
    /// - Parameter now: the time, in Unix seconds.
    /// - Returns: its lines.
    func lines(now: Int) -> [String] {
        var rows: [(String, String?)] = [
            ("algorithm", self.header.algorithm?.rawValue ?? (self.header.isUnsigned ? "none" : "unknown")),
            ("type", self.header.type),
            ("kid", self.header.keyID),
            (
                "domains",
                self.claims.domains.isEmpty ? "none" : self.claims.domains.map(\.description).joined(separator: ", ")
            ),
            ("ports", self.ports.isEmpty ? nil : self.ports.joined(separator: ", ")),
            ("tcp", self.claims.allowsTCP ? "any port of the relay's pool" : nil),
            ("subject", self.claims.subject),
            ("device", self.claims.device?.id),
            ("machine", self.claims.device?.hostname),
            (
                "audience",
                self.claims.audience.isEmpty ? nil : self.claims.audience.joined(separator: ", ") + " (not checked)"
            ),
            ("issued", self.claims.issuedAt.map { UnixTime.words($0, now: now) + " (not checked)" }),
            ("begins", self.claims.notBefore.map { UnixTime.words($0, now: now) }),
            ("expires", self.claims.expiry.map { UnixTime.words($0, now: now) } ?? "never"),
        ]
        rows.append(("verified", self.verdict))
        return rows.compactMap { name, value in
            value.map { name + String(repeating: " ", count: 11 - name.utf8.count) + Printable.text($0) }
        }
    }

    /// The report for programs.
    ///
    /// - Returns: one line of JSON; what is not there has no member, and without a secret there is no `verified`.
    /// - Throws: what the encoder throws, which is our own fault.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(self)), as: UTF8.self)
    }

    private var ports: [String] { self.claims.ports.map { PortRange($0).description } }

    private var verdict: String {
        if let refusal { return "no: \(refusal)" }
        return self.verifiedWith.map { "yes, with the secret in \($0)" } ?? "not checked: no secret was given"
    }

    private struct Document: Encodable {
        let algorithm: String?
        let kid: String?
        let domains: [String]
        let ports: [String]
        let tcp: Bool
        let subject: String?
        let device: String?
        let machine: String?
        let audience: [String]
        let issued: Int?
        let begins: Int?
        let expires: Int?
        let verified: Bool?
        let refusal: String?

        init(_ report: TokenReport) {
            self.algorithm = report.header.algorithm?.rawValue ?? (report.header.isUnsigned ? "none" : nil)
            self.kid = report.header.keyID
            self.domains = report.claims.domains.map(\.description)
            self.ports = report.ports
            self.tcp = report.claims.allowsTCP
            self.subject = report.claims.subject
            self.device = report.claims.device?.id
            self.machine = report.claims.device?.hostname
            self.audience = report.claims.audience
            self.issued = report.claims.issuedAt
            self.begins = report.claims.notBefore
            self.expires = report.claims.expiry
            self.verified = report.refusal == nil ? report.verifiedWith.map { _ in true } : false
            self.refusal = report.refusal?.description
        }
    }
}
