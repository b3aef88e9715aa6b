/// An object of JSON on one line, written member by member (RFC 8259).
struct JSONLine {
    private var members = ""

    /// The object.
    var text: String { "{" + self.members + "}" }

    /// Adds text, or null.
    mutating func add(_ name: String, _ value: String?) {
        self.add(name, raw: value.map(Self.quoted) ?? "null")
    }

    /// Adds a list of texts.
    mutating func add(_ name: String, _ values: [String]) {
        self.add(name, raw: "[" + values.map(Self.quoted).joined(separator: ",") + "]")
    }

    /// Adds a truth value.
    mutating func add(_ name: String, _ value: Bool) {
        self.add(name, raw: value ? "true" : "false")
    }

    /// Adds a number.
    mutating func add(_ name: String, _ value: Int) {
        self.add(name, raw: String(value))
    }

    private mutating func add(_ name: String, raw: String) {
        if !self.members.isEmpty { self.members += "," }
        self.members += Self.quoted(name) + ":" + raw
    }

    /// RFC 8259 §7: quotation marks, backslashes and control characters are escaped; so are the line separators of
    /// Unicode and DEL, which some readers of logs take for an end of line or obey.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x08: result += "\\b"
            case 0x09: result += "\\t"
            case 0x0A: result += "\\n"
            case 0x0C: result += "\\f"
            case 0x0D: result += "\\r"
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
