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
        /// A frame's kind: `binary`, `close`, `ping`, `pong`.
        package let opcode: String?
        /// A frame's payload, as far as it was kept.
        package let payload: [UInt8]
        /// Whether bulk was cut off the payload.
        package let isTruncated: Bool
        /// The text of a request or response, or of a packet's body.
        package let text: String
    }

    /// The events in order.
    package let events: [Event]

    /// Reads a recording.
    ///
    /// - Parameter name: the file's name without its ending.
    /// - Throws: where the recordings are not there, or hold something else.
    package init(_ name: String) throws {
        guard let folder = ProductBinary.transcripts else { throw JourneyFailure("no recordings beside the package") }
        let text = try String(contentsOfFile: "\(folder)/\(name).jsonl", encoding: .utf8)
        self.events = try text.components(separatedBy: "\n").filter { !$0.isEmpty }.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return Event(
                connection: object["conn"] as? Int ?? 0,
                isFromClient: object["dir"] as? String == "c2s",
                name: object["event"] as? String,
                opcode: object["op"] as? String,
                payload: Pattern.bytes(hexadecimal: object["hex"] as? String ?? ""),
                isTruncated: object["truncated"] as? Bool ?? false,
                text: object["text"] as? String ?? ""
            )
        }
    }

    /// The first upgrade request of the recording.
    package var request: String? { self.events.first { $0.name == "http-request" }?.text }
}
