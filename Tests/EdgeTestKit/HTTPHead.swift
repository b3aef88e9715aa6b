import Foundation

/// The head of a request or a response, as it stood on the wire (RFC 9112 §2.1).
package struct HTTPHead: Sendable {
    /// The whole text with its empty line.
    package let text: String
    /// The request line or the status line.
    package let startLine: String
    /// The fields in order.
    package let fields: [(name: String, value: String)]

    /// Reads a head.
    ///
    /// - Parameter text: the head with its empty line.
    package init(_ text: String) {
        self.text = text
        let lines = text.components(separatedBy: "\r\n").filter { !$0.isEmpty }
        self.startLine = lines.first ?? ""
        self.fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), (parts.count > 1 ? String(parts[1]) : "").trimmingCharacters(in: .whitespaces))
        }
    }

    /// The values of a field, lower and upper case alike.
    ///
    /// - Parameter name: the field's name.
    /// - Returns: the values in order.
    package subscript(name: String) -> [String] {
        self.fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// A word of the start line: method, target, version; or version, status.
    ///
    /// - Parameter index: counted from 0.
    /// - Returns: the word, or nothing.
    package func word(_ index: Int) -> String {
        let words = self.startLine.components(separatedBy: " ")
        return index < words.count ? words[index] : ""
    }

    /// A response's status; 0 when there is none.
    package var status: Int { Int(self.word(1)) ?? 0 }
}

/// A response and its body.
package struct HTTPAnswer: Sendable {
    /// The head.
    package let head: HTTPHead
    /// The body.
    package let body: [UInt8]

    /// The body as text.
    package var text: String { String(decoding: self.body, as: UTF8.self) }

    /// Reads a response of the kinds that journeys meet: a length, or all until the end.
    ///
    /// - Parameters:
    ///   - connection: where it comes from.
    ///   - deadline: when to give up.
    /// - Throws: ``JourneyFailure`` when none comes.
    package init(from connection: any ByteConnection, by deadline: Deadline = Deadline()) throws {
        guard let text = try connection.readHead(by: deadline) else {
            throw JourneyFailure("the end instead of an answer")
        }
        self.head = HTTPHead(text)
        if let length = self.head["Content-Length"].first.flatMap({ Int($0) }) {
            self.body = try connection.readExactly(length, by: deadline)
        } else {
            self.body = self.head.status == 101 ? [] : try connection.readToEnd(by: deadline)
        }
    }
}
