/// A piece of a page.
///
/// What is interpolated into it is escaped unless it is a piece of a page itself, so that text from a peer stays text.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// Collects the parts of a literal.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            self.text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) {
            self.text += literal
        }

        mutating func appendInterpolation(_ text: String) {
            self.text += HTML.escaped(text)
        }

        mutating func appendInterpolation(_ number: some BinaryInteger & Sendable) {
            self.text += String(number)
        }

        mutating func appendInterpolation(_ html: HTML) {
            self.text += html.text
        }
    }

    /// The markup.
    let text: String

    init(stringLiteral value: String) {
        self.text = value
    }

    init(stringInterpolation: StringInterpolation) {
        self.text = stringInterpolation.text
    }

    /// Pieces one after another.
    init(_ pieces: some Sequence<HTML>) {
        self.text = pieces.map(\.text).joined(separator: "\n")
    }

    /// Text in which nothing is markup, neither between tags nor in a quoted attribute.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            // Controls other than white space are no characters of a page (HTML §13.2.3.5).
            case "\u{0}"..."\u{8}", "\u{B}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
