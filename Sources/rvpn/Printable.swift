/// Text from a token or a file on a terminal: nothing in it may move the cursor or end the line.
enum Printable {
    /// Escapes what is not printable ASCII.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text on one line.
    static func text(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.value >= 0x20 && scalar.value < 0x7F ? String(scalar) : scalar.escaped(asASCII: true)
        }.joined()
    }
}
