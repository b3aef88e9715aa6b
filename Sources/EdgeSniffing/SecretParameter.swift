/// Tells which parameters of a query must not reach a log.
///
/// By name: whatever speaks of tokens, keys, passwords and the like; a name that is escaped is read unescaped. By value:
/// whatever begins as a signed token does. One too many is no loss: the log is for people.
enum SecretParameter {
    /// The longest name that is looked at, in bytes; a longer one counts as secret.
    private static let maximumNameLength = 128

    /// Whether a parameter's value is a secret.
    static func matches(_ bytes: RawSpan, name: Range<Int>, value: Range<Int>) -> Bool {
        guard !value.isEmpty else { return false }
        if Self.isToken(bytes, value) { return true }
        guard name.count <= Self.maximumNameLength else { return true }
        let text = Self.unescaped(bytes, name)
        let words: [StaticString] = [
            "token", "secret", "passw", "pwd", "auth", "key", "jwt", "sign", "session", "credential", "ticket",
        ]
        let names: [StaticString] = ["sig", "code", "pass", "pw", "sid", "nonce", "otp", "pin"]
        let name = text.span.bytes
        let all = 0..<name.byteCount
        for exact in names where name.equals(exact, in: all) { return true }
        for word in words {
            for start in all where name.hasPrefix(word, in: start..<all.upperBound) { return true }
        }
        return false
    }

    /// Whether text begins as a JSON Web Token does: `{"` in base64url (RFC 7519 §3).
    static func isToken(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        bytes.hasExactPrefix("eyJ", in: range)
    }

    /// The text of a name (RFC 3986 §2.1).
    private static func unescaped(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let octet = bytes.octet(at: offset)
            if octet == 0x25, offset + 2 < range.upperBound, let high = Octet.hexadecimal(bytes.octet(at: offset + 1)),
                let low = Octet.hexadecimal(bytes.octet(at: offset + 2))
            {
                result.append(high << 4 | low)
                offset += 3
            } else {
                result.append(octet)
                offset += 1
            }
        }
        return result
    }
}
