/// A token taken apart (RFC 7515 §7.1): nothing in it is believed yet.
///
///     BASE64URL(header) "." BASE64URL(payload) "." BASE64URL(signature)
package struct CompactToken: Sendable {
    /// The longest token, in bytes: it stands in a request head, for which common servers allow 8 to 16 KiB.
    package static let maximumLength = 16 * 1024

    /// The parts of a token, named for messages.
    package enum Part: String, Sendable, Hashable {
        /// How the token is signed.
        case header
        /// What the token says.
        case payload
        /// The proof of who said it.
        case signature
    }

    /// How the token says that it is signed.
    package let header: TokenHeader
    /// The claims, as JSON, not yet read.
    package let payload: [UInt8]
    /// The signature's bytes.
    let signature: [UInt8]
    /// The bytes that are signed: the first two parts with the dot between them.
    let signedBytes: [UInt8]

    /// Takes a token apart.
    ///
    /// - Parameter text: the token, without white space around it.
    /// - Throws: what is wrong with its form.
    package init(_ text: String) throws(TokenError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw .tooLong(actual: text.utf8.count, limit: Self.maximumLength)
        }
        let bytes = [UInt8](text.utf8)
        let dots = bytes.indices.filter { bytes[$0] == 0x2E }
        guard dots.count == 2, let first = dots.first, let second = dots.last else { throw .notThreeParts }
        let header = try Self.decode(.header, bytes, 0..<first)
        self.payload = try Self.decode(.payload, bytes, first + 1..<second)
        self.signature = try Self.decode(.signature, bytes, second + 1..<bytes.count)
        self.signedBytes = [UInt8](bytes[..<second])
        self.header = try TokenHeader(json: header)
    }

    private static func decode(
        _ part: Part,
        _ bytes: [UInt8],
        _ range: Range<Int>
    ) throws(TokenError) -> [UInt8] {
        guard let decoded = Base64URL.decode(bytes.span.bytes.extracting(range)) else { throw .notBase64URL(part) }
        return decoded
    }
}
