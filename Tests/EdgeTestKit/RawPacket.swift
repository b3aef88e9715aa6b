/// A packet of the tunnel's protocol made and read by hand: `0xFE`, header length, header, body.
package struct RawPacket: Sendable, Equatable, CustomStringConvertible {
    /// The header's fields as they stood on the wire.
    package var fields: [String]
    /// What follows the header.
    package var body: [UInt8]

    /// Creates a packet from a header's text.
    ///
    /// - Parameters:
    ///   - header: the fields with their commas, the body's length among them.
    ///   - body: what follows.
    package init(header: String, body: [UInt8]) {
        self.fields = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        self.body = body
    }

    /// Creates an answer for the stream that another packet belongs to.
    ///
    /// - Parameters:
    ///   - packet: a packet of the stream.
    ///   - service: the service, `end` or `error`; the packet's own when nil.
    ///   - body: what it carries.
    package init(answering packet: RawPacket, service: String? = nil, _ body: [UInt8]) {
        self.fields = Array(packet.fields.prefix(3)) + ["\(body.count)", service ?? packet.service]
        self.body = body
    }

    /// Creates a control packet.
    ///
    /// - Parameter control: the JSON text.
    package init(control: String) {
        self.init(header: ",,,\(control.utf8.count),control", body: Array(control.utf8))
    }

    /// Reads the one packet that a message holds.
    ///
    /// - Parameter message: a whole message.
    /// - Throws: ``JourneyFailure`` when it holds anything else.
    package init(message: [UInt8]) throws {
        guard message.count >= 2, message[0] == 0xFE, message.count >= 2 + Int(message[1]) else {
            throw JourneyFailure("no packet: \(Pattern.hexadecimal(Array(message.prefix(64))))")
        }
        let header = String(decoding: message[2..<2 + Int(message[1])], as: UTF8.self)
        self.init(header: header, body: Array(message[(2 + Int(message[1]))...]))
        guard self.fields.count >= 5, Int(self.fields[3]) == self.body.count else {
            throw JourneyFailure("\(header) does not fit its body of \(self.body.count) bytes")
        }
    }

    /// The packet on the wire.
    package var bytes: [UInt8] {
        let header = Array(self.fields.joined(separator: ",").utf8)
        return [0xFE, UInt8(truncatingIfNeeded: header.count)] + header + self.body
    }

    /// The service, or what the packet says: `control`, `end`, `error`.
    package var service: String { self.fields.count > 4 ? self.fields[4] : "" }

    /// What the stream is known by.
    package var stream: String { self.fields.prefix(3).joined(separator: ",") }

    /// The body as text.
    package var text: String { String(decoding: self.body, as: UTF8.self) }

    /// The packet in words.
    package var description: String { "\(self.fields.joined(separator: ",")) \(self.text.prefix(120))" }
}
