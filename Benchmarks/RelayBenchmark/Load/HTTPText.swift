/// The little that load and backend read of HTTP heads.
enum HTTPText {
    private static let contentLength = Array("content-length:".utf8)
    private static let connectionClose = Array("connection: close".utf8)

    /// The number behind Content-Length; zero where there is none.
    static func contentLength(in head: ArraySlice<UInt8>) -> Int {
        guard let end = self.end(of: self.contentLength, in: head) else { return 0 }
        return self.number(head[end...])
    }

    /// Whether the sender closes afterwards.
    static func closes(_ head: ArraySlice<UInt8>) -> Bool {
        self.end(of: self.connectionClose, in: head) != nil
    }

    /// A decimal number, spaces before it skipped.
    static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        var number = 0
        for byte in bytes.drop(while: { $0 == 0x20 }) {
            guard (0x30...0x39).contains(byte), number < 1 << 50 else { break }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    /// Where a word ends, upper and lower case alike.
    private static func end(of word: [UInt8], in head: ArraySlice<UInt8>) -> Int? {
        guard head.count >= word.count else { return nil }
        for start in head.startIndex...head.endIndex - word.count {
            var index = 0
            while index < word.count, head[start + index] | 0x20 == word[index] | 0x20 { index += 1 }
            if index == word.count { return start + index }
        }
        return nil
    }
}
