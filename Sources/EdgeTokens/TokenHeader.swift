import FoundationEssentials

/// How a token says that it is signed (RFC 7515 §4.1).
package struct TokenHeader: Sendable, Hashable {
    /// The algorithm, or nil for one that is not supported; `none` among them.
    package let algorithm: TokenAlgorithm?
    /// Whether the header says `none` in any spelling: nobody signed.
    package let isUnsigned: Bool
    /// What kind of thing is signed, `JWT` by custom; not checked.
    package let type: String?
    /// Which key signed, as a hint; a number or anything else that is not a string counts as none.
    package let keyID: String?

    /// Reads a header.
    ///
    /// - Parameter json: the header's bytes.
    /// - Throws: ``TokenError/malformedHeader`` or ``TokenError/criticalExtension``.
    package init(json: [UInt8]) throws(TokenError) {
        let fields: [String: ClaimScalar]
        do {
            fields = try JSONDecoder().decode([String: ClaimScalar].self, from: Data(json))
        } catch {
            throw .malformedHeader
        }
        guard case .text(let algorithm) = fields["alg"] else { throw .malformedHeader }
        guard fields["crit"] == nil else { throw .criticalExtension }
        self.algorithm = TokenAlgorithm(rawValue: algorithm)
        self.isUnsigned = algorithm.lowercased() == "none"
        self.type = Self.text(fields["typ"])
        self.keyID = Self.text(fields["kid"])
    }

    private static func text(_ value: ClaimScalar?) -> String? {
        guard case .text(let text) = value else { return nil }
        return text
    }
}
