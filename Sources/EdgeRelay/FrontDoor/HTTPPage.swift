import EdgeTypes

/// A short answer of the relay's own: what happened and what to do, as HTML, or as JSON where the visitor asked for it.
struct HTTPPage: Sendable {
    /// The status code (RFC 9110 §15).
    let status: Int
    /// The status in words.
    let title: String
    /// What happened and what to do, one sentence or two.
    let text: String
    /// The token that stands in the log.
    let reason: CloseReason
    /// Further header fields.
    var fields: [(name: String, value: String)] = []

    /// The whole answer; the connection closes after it.
    ///
    /// - Parameters:
    ///   - asJSON: whether the visitor asked for JSON.
    ///   - withBody: false for a HEAD request.
    /// - Returns: head and body.
    func bytes(asJSON: Bool, withBody: Bool = true) -> [UInt8] {
        let body = Array((asJSON ? self.json : self.html).utf8)
        var head = "HTTP/1.1 \(self.status) \(self.title)\r\n"
        head += "Content-Type: \(asJSON ? "application/json" : "text/html; charset=utf-8")\r\n"
        head += "Content-Length: \(body.count)\r\nConnection: close\r\nCache-Control: no-store\r\n"
        for (name, value) in self.fields { head += "\(name): \(value)\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (withBody ? body : [])
    }

    private var json: String {
        let text = Self.escapedForJSON(self.text)
        let title = Self.escapedForJSON(self.title)
        return """
            {"status":\(self.status),"title":"\(title)","detail":"\(text)","reason":"\(self.reason.rawValue)"}

            """
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(self.status) \(Self.escapedForHTML(self.title))</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em;color-scheme:light dark}
        h1{font-size:1.4em}code{opacity:.6}</style>
        <h1>\(self.status) \(Self.escapedForHTML(self.title))</h1>
        <p>\(Self.escapedForHTML(self.text))</p>
        <p><code>reason=\(self.reason.rawValue)</code></p></html>

        """
    }

    private static func escapedForHTML(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    private static func escapedForJSON(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case _ where scalar.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
