import EdgeTestKit

/// How a request ended that may lawfully fail, because its tunnel was lost under it.
enum VisitorFate: Sendable, Hashable {
    /// Every byte came.
    case served
    /// The relay answered by itself, with 404, 502 or 503.
    case refused(Int)
    /// The connection ended, or was reset, before the answer was whole.
    case cut

    /// Asks for so many bytes of the pattern and waits for the end, whatever it is.
    ///
    /// - Parameters:
    ///   - name: whom to ask.
    ///   - count: how many bytes.
    ///   - visitor: a connection to the relay; closed here.
    /// - Throws: ``JourneyFailure`` when nothing comes, or what nobody sent.
    init(asking name: String, for count: Int, over visitor: PlainConnection) throws {
        try visitor.write(Self.request(name, count))
        try self.init(of: visitor, count)
    }

    /// Waits for the end of a request that was sent.
    ///
    /// - Parameters:
    ///   - visitor: the connection; closed here.
    ///   - count: how many bytes were asked for.
    /// - Throws: ``JourneyFailure`` when nothing comes, or what nobody sent.
    init(of visitor: PlainConnection, _ count: Int) throws {
        defer { visitor.close() }
        let bytes = try Self.readToEnd(visitor)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else {
            self = .cut
            return
        }
        let head = HTTPHead(String(text[..<end.upperBound]))
        let body = Array(bytes.dropFirst(head.text.utf8.count))
        switch head.status {
        case 200 where body == Pattern.bytes(count): self = .served
        case 200 where body.count < count && body == Pattern.bytes(body.count): self = .cut
        case 404, 502, 503: self = .refused(head.status)
        default: throw JourneyFailure("an answer that nobody sent: \(head.startLine) with \(body.count) bytes")
        }
    }

    /// The request for so many bytes, the last on its connection.
    static func request(_ name: String, _ count: Int) -> String {
        "GET /\(count) HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n"
    }

    /// Reads until the peer ends or resets; only one that does neither fails.
    static func readToEnd(_ connection: PlainConnection) throws -> [UInt8] {
        let deadline = Deadline()
        var bytes: [UInt8] = []
        do {
            while true {
                let more = try connection.read(65_536, by: deadline)
                if more.isEmpty { return bytes }
                bytes += more
            }
        } catch let failure as JourneyFailure where failure.description.hasPrefix("reading failed") {
            return bytes
        }
    }
}
