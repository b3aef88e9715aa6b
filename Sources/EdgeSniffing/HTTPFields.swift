/// What the field lines of a head say that concerns routing (RFC 9112 §5).
struct HTTPFields {
    /// Where the Host field's value lies.
    private(set) var host: Range<Int>?
    /// Whether the Accept field names `application/json` (RFC 9110 §12.5.1).
    private(set) var wantsJSON = false
    private var upgradesToWebSocket = false
    private var connectionUpgrades = false

    /// Whether the fields ask for a WebSocket (RFC 6455 §4.2.1).
    var asksForWebSocket: Bool { self.upgradesToWebSocket && self.connectionUpgrades }

    /// Reads a field line.
    ///
    /// - Parameters:
    ///   - bytes: what the line lies in.
    ///   - line: the line without its end; not empty.
    /// - Throws: ``SniffingError/malformedRequest(_:)``.
    mutating func read(_ bytes: RawSpan, _ line: Range<Int>) throws(SniffingError) {
        let first = bytes.octet(at: line.lowerBound)
        guard first != Octet.space, first != Octet.horizontalTab else { throw .malformedRequest(.folding) }
        var colon = line.lowerBound
        while colon < line.upperBound, Octet.isToken(bytes.octet(at: colon)) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes.octet(at: colon) == Octet.colon else {
            throw .malformedRequest(.fieldName)
        }
        let name = line.lowerBound..<colon
        let value = bytes.trimmingWhitespace(colon + 1..<line.upperBound)
        if bytes.equals("host", in: name) {
            if let host, !bytes.isSame(host, value) { throw .malformedRequest(.severalHosts) }
            self.host = value
        } else if bytes.equals("upgrade", in: name) {
            self.upgradesToWebSocket = self.upgradesToWebSocket || Self.lists("websocket", bytes, value)
        } else if bytes.equals("connection", in: name) {
            self.connectionUpgrades = self.connectionUpgrades || Self.lists("upgrade", bytes, value)
        } else if bytes.equals("accept", in: name) {
            self.wantsJSON = self.wantsJSON || Self.lists("application/json", bytes, value)
        }
    }

    /// Whether a list has an element (RFC 9110 §5.6.1), its parameters aside.
    private static func lists(_ element: StaticString, _ bytes: RawSpan, _ value: Range<Int>) -> Bool {
        var start = value.lowerBound
        while start < value.upperBound {
            let end = bytes.firstOffset(of: Octet.comma, in: start..<value.upperBound) ?? value.upperBound
            let parameters = bytes.firstOffset(of: Octet.semicolon, in: start..<end) ?? end
            if bytes.equals(element, in: bytes.trimmingWhitespace(start..<parameters)) { return true }
            start = end + 1
        }
        return false
    }
}
