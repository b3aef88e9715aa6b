/// A line of the program's log, taken apart: `time=… level=… msg=… key=value`.
package struct LogLine: Sendable {
    /// The line as it stood.
    package let text: String
    /// Its values by key.
    package let values: [String: String]

    /// Takes a line apart.
    ///
    /// - Parameter text: the line.
    package init(_ text: String) {
        self.text = text
        var values: [String: String] = [:]
        var rest = Substring(text)
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].drop { $0 == " " }
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while let character = rest.popFirst(), character != "\"" {
                    value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
            } else {
                value = String(rest.prefix { $0 != " " })
                rest = rest.dropFirst(value.count)
            }
            values[String(key)] = value
        }
        self.values = values
    }

    /// The message.
    package var message: String { self.values["msg"] ?? "" }

    /// The level.
    package var level: String { self.values["level"] ?? "" }

    /// A value by key.
    ///
    /// - Parameter key: the key, with or without the product's prefix.
    /// - Returns: the value, or nil.
    package subscript(key: String) -> String? { self.values["edge." + key] ?? self.values[key] }
}
