/// The parts of a request target (RFC 9112 §3.2).
///
///     /path?query                     origin form
///     scheme://authority/path?query   absolute form
///     host:port                       authority form, of CONNECT
///     *                               asterisk form, of OPTIONS
struct HTTPRequestTarget {
    /// What stands in the log instead of a secret.
    static let dots = "•••"

    /// The whole target.
    let whole: Range<Int>
    /// Where the authority of an absolute target lies.
    let authority: Range<Int>?
    /// Where the path lies; empty for an absolute target without one.
    let path: Range<Int>

    /// Takes a target apart.
    ///
    /// - Parameters:
    ///   - bytes: what the target lies in.
    ///   - target: where it lies; not empty.
    ///   - isConnect: whether the method is CONNECT, the one that takes the authority form.
    /// - Throws: ``SniffingError/malformedRequest(_:)`` for a target of no known form.
    init(_ bytes: RawSpan, _ target: Range<Int>, isConnect: Bool) throws(SniffingError) {
        self.whole = target
        let first = bytes.octet(at: target.lowerBound)
        if first == Octet.slash || isConnect || (first == Octet.asterisk && target.count == 1) {
            self.authority = nil
            self.path = target.lowerBound..<Self.pathEnd(bytes, target)
            return
        }
        guard let colon = bytes.firstOffset(of: Octet.colon, in: target),
            Self.isScheme(bytes, target.lowerBound..<colon),
            bytes.hasExactPrefix("://", in: colon..<target.upperBound)
        else { throw .malformedRequest(.requestTarget) }
        let start = colon + 3
        var end = start
        while end < target.upperBound, !Self.endsAuthority(bytes.octet(at: end)) { end += 1 }
        // RFC 9110 §4.2.4: user information is an error; it is there to disguise the host.
        guard start < end, bytes.firstOffset(of: Octet.at, in: start..<end) == nil else {
            throw .malformedRequest(.requestTarget)
        }
        self.authority = start..<end
        self.path = end..<Self.pathEnd(bytes, end..<target.upperBound)
    }

    /// The target with dots in place of every value of the query that looks like a secret.
    func redacted(_ bytes: RawSpan) -> String {
        let query = self.path.upperBound..<self.whole.upperBound
        guard !query.isEmpty else { return bytes.text(in: self.whole) }
        var result: [UInt8] = []
        result.reserveCapacity(self.whole.count)
        bytes.append(self.whole.lowerBound..<query.lowerBound, to: &result)
        var start = query.lowerBound
        while start < query.upperBound {
            // The separator belongs to the parameter behind it: `?`, `&`, `;` or `#`.
            var end = start + 1
            while end < query.upperBound, !Self.separatesParameters(bytes.octet(at: end)) { end += 1 }
            if let equals = bytes.firstOffset(of: Octet.equalsSign, in: start + 1..<end),
                SecretParameter.matches(bytes, name: start + 1..<equals, value: equals + 1..<end)
            {
                bytes.append(start..<equals + 1, to: &result)
                result.append(contentsOf: Self.dots.utf8)
            } else if SecretParameter.isToken(bytes, start + 1..<end) {
                bytes.append(start..<start + 1, to: &result)
                result.append(contentsOf: Self.dots.utf8)
            } else {
                bytes.append(start..<end, to: &result)
            }
            start = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func pathEnd(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let octet = bytes.octet(at: offset)
            if octet == Octet.questionMark || octet == Octet.numberSign { return offset }
            offset += 1
        }
        return offset
    }

    /// RFC 3986 §3.1: a letter, then letters, digits, `+`, `-` and `.`.
    private static func isScheme(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, Octet.isLetter(bytes.octet(at: range.lowerBound)) else { return false }
        for offset in range {
            let octet = bytes.octet(at: offset)
            guard
                Octet.isLetter(octet) || Octet.isDigit(octet) || octet == 0x2B || octet == Octet.hyphen
                    || octet == Octet.fullStop
            else { return false }
        }
        return true
    }

    private static func endsAuthority(_ octet: UInt8) -> Bool {
        octet == Octet.slash || octet == Octet.questionMark || octet == Octet.numberSign
    }

    private static func separatesParameters(_ octet: UInt8) -> Bool {
        octet == Octet.ampersand || octet == Octet.semicolon || octet == Octet.numberSign
            || octet == Octet.questionMark
    }
}
