import Foundation

/// What an old client and its server said to each other, recorded, one event a line.
package struct Transcript: Sendable {
    /// One event.
    package struct Event: Sendable {
        /// Which WebSocket of the recording it belongs to.
        package let connection: Int
        /// Whether the client said it.
        package let isFromClient: Bool
        /// `open`, `http-request`, `http-response`, `tcp-fin`, `tcp-close`; nil for a frame.
        package let name: String?
        /// A frame's kind: `binary`, `cont`, `close`, `ping`, `pong`.
        package let opcode: String?
        /// Whether a frame ends its message.
        package let isFinal: Bool
        /// Whether it stands for messages of its side that were left out.
        package let isGap: Bool
        /// A frame's payload, as far as it was kept.
        package let payload: [UInt8]
        /// How long the payload was before bulk was cut off.
        package let length: Int
        /// The text of a request or response, or of a packet's body.
        package let text: String

        /// Whether bulk was cut off the payload.
        var isCut: Bool { self.payload.count < self.length }

        /// The payload with the pattern in place of what was cut off.
        var filledPayload: [UInt8] { self.payload + Pattern.bytes(max(0, self.length - self.payload.count)) }
    }

    /// The file's name without its ending: client, server, scenario.
    package let name: String
    /// The events in order.
    package let events: [Event]

    /// Reads a recording.
    ///
    /// - Parameter name: the file's name without its ending.
    /// - Throws: where the recordings are not there, or hold something else.
    package init(_ name: String) throws {
        guard let folder = ProductBinary.transcripts else { throw JourneyFailure("no recordings beside the package") }
        self.name = name
        let text = try String(contentsOfFile: "\(folder)/\(name).jsonl", encoding: .utf8)
        self.events = try text.components(separatedBy: "\n").filter { !$0.isEmpty }.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return Event(
                connection: object["conn"] as? Int ?? 0,
                isFromClient: object["dir"] as? String == "c2s",
                name: object["event"] as? String,
                opcode: object["op"] as? String,
                isFinal: object["fin"] as? Bool ?? true,
                isGap: object["elided_messages"] != nil,
                payload: Pattern.bytes(hexadecimal: object["hex"] as? String ?? ""),
                length: object["len"] as? Int ?? 0,
                text: object["text"] as? String ?? ""
            )
        }
    }

    /// The names of the recordings that begin with a client's name; none where there are no recordings.
    ///
    /// - Parameter prefix: how the files' names begin.
    /// - Returns: the names without their endings, sorted.
    package static func names(beginningWith prefix: String) -> [String] {
        guard let folder = ProductBinary.transcripts else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
    }
}
