/// The head of an HTTP/1.1 message: a start line and fields (RFC 9112 §2).
///
/// Lines may end in a bare line feed.
struct HTTPHead {
    /// What reading gives.
    enum Step {
        case needsBytes
        case tooLong
        case malformed
        case head(HTTPHead)
    }

    /// The first line.
    let startLine: String
    /// Names in lower case, and values without white space around them, in the order of the head.
    let fields: [(name: String, value: String)]
    /// Bytes of the head, the blank line included.
    let length: Int

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - bytes: what was received, from the first byte of the message on.
    ///   - limit: the longest head that is taken, in bytes.
    /// - Returns: the head, or why there is none.
    static func read(_ bytes: RawSpan, limit: Int) -> Step {
        var startLine: String?
        var fields: [(name: String, value: String)] = []
        var start = 0
        let visible = bytes.extracting(first: min(limit, bytes.byteCount))
        while let end = self.lineFeed(in: visible, from: start) {
            let line = visible.extracting(start..<end)
            let text = self.octet(line, line.byteCount - 1) == 0x0D ? line.extracting(droppingLast: 1) : line
            start = end + 1
            if text.byteCount == 0 {
                guard let startLine else { return .malformed }
                return .head(HTTPHead(startLine: startLine, fields: fields, length: start))
            }
            guard self.isPrintable(text) else { return .malformed }
            if startLine == nil {
                startLine = self.text(text)
            } else if let field = self.field(text) {
                fields.append(field)
            } else {
                return .malformed
            }
        }
        return bytes.byteCount >= limit ? .tooLong : .needsBytes
    }

    /// The values of a field, joined as one list (RFC 9110 §5.3), or nil where it is missing.
    func list(_ name: String) -> String? {
        let values = self.fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    /// Whether a list holds a word, without regard to case.
    func list(_ name: String, holds word: String) -> Bool {
        guard let list = self.list(name) else { return false }
        return list.split(separator: ",").contains { Self.trimmed($0).lowercased() == word }
    }

    /// How often a field stands in the head.
    func count(of name: String) -> Int {
        self.fields.count { $0.name == name }
    }

    /// A text without the spaces and tabs at both ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }

    private static func octet(_ bytes: RawSpan, _ offset: Int) -> UInt8? {
        offset >= 0 && offset < bytes.byteCount ? bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) : nil
    }

    private static func lineFeed(in bytes: RawSpan, from start: Int) -> Int? {
        var offset = start
        while offset < bytes.byteCount {
            if bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) == 0x0A { return offset }
            offset += 1
        }
        return nil
    }

    /// RFC 9110 §5.5: no control characters but the tab.
    private static func isPrintable(_ bytes: RawSpan) -> Bool {
        for offset in 0..<bytes.byteCount {
            let octet = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard octet == 0x09 || (octet >= 0x20 && octet != 0x7F) else { return false }
        }
        return true
    }

    private static func text(_ bytes: RawSpan) -> String {
        bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// RFC 9112 §5: a token, a colon right behind it, a value.
    private static func field(_ line: RawSpan) -> (name: String, value: String)? {
        var colon = 0
        while colon < line.byteCount {
            let octet = line.unsafeLoad(fromByteOffset: colon, as: UInt8.self)
            if octet == 0x3A { break }
            guard self.isToken(octet) else { return nil }
            colon += 1
        }
        guard colon > 0, colon < line.byteCount else { return nil }
        let name = self.text(line.extracting(first: colon)).lowercased()
        return (name: name, value: self.trimmed(self.text(line.extracting(droppingFirst: colon + 1))))
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A: true  // digits, letters, ^ _ `
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x7C, 0x7E: true  // ! # $ % & ' * + - . | ~
        default: false
        }
    }
}
