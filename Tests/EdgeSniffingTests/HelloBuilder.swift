/// Builds the bytes of a ClientHello, right or wrong.
struct HelloBuilder {
    var legacyVersion: UInt16 = 0x0303
    var session: [UInt8] = Array(repeating: 7, count: 32)
    var suites: [UInt16] = [0x1301, 0x1302, 0xC02F]
    var compression: [UInt8] = [0]
    var extensions: [(type: UInt16, content: [UInt8])] = []
    /// Nil leaves the whole block out, as clients of old do.
    var hasExtensions = true

    /// A hello for a name.
    static func named(_ name: String) -> HelloBuilder {
        var builder = HelloBuilder()
        builder.add(serverName: name)
        return builder
    }

    mutating func add(_ type: UInt16, _ content: [UInt8]) {
        self.extensions.append((type, content))
    }

    mutating func add(serverName: String) {
        self.add(0, Self.vector16([0] + Self.vector16(Array(serverName.utf8))))
    }

    mutating func add(applicationProtocols: [[UInt8]]) {
        self.add(16, Self.vector16(applicationProtocols.flatMap(Self.vector8)))
    }

    mutating func add(versions: [UInt16]) {
        self.add(43, Self.vector8(versions.flatMap(Self.uint16)))
    }

    mutating func add(groups: [UInt16]) {
        self.add(10, Self.vector16(groups.flatMap(Self.uint16)))
    }

    mutating func add(keyShares: [(group: UInt16, length: Int)]) {
        let shares = keyShares.flatMap { share in
            Self.uint16(share.group) + Self.vector16(Array(repeating: 9, count: share.length))
        }
        self.add(51, Self.vector16(shares))
    }

    /// The body: what follows type and length of the message.
    var body: [UInt8] {
        var body = Self.uint16(self.legacyVersion) + Array(repeating: 5, count: 32)
        body += Self.vector8(self.session)
        body += Self.vector16(self.suites.flatMap(Self.uint16))
        body += Self.vector8(self.compression)
        if self.hasExtensions {
            body += Self.vector16(self.extensions.flatMap { Self.uint16($0.type) + Self.vector16($0.content) })
        }
        return body
    }

    /// The message in records of at most so many bytes.
    func bytes(recordLength: Int = 1 << 14) -> [UInt8] {
        Self.records(Self.message(self.body), length: recordLength)
    }

    static func message(_ body: [UInt8], type: UInt8 = 1) -> [UInt8] {
        [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 255), UInt8(body.count & 255)] + body
    }

    static func records(_ message: [UInt8], length: Int, version: UInt16 = 0x0301) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        while start < message.count {
            let end = min(start + length, message.count)
            result += [0x16] + Self.uint16(version) + Self.vector16(Array(message[start..<end]))
            start = end
        }
        return result
    }

    /// The handshake bytes inside records.
    static func fragments(of records: [UInt8]) -> [UInt8] {
        var message: [UInt8] = []
        var start = 0
        while start + 5 <= records.count {
            let length = Int(records[start + 3]) << 8 | Int(records[start + 4])
            message += records[(start + 5)..<(start + 5 + length)]
            start += 5 + length
        }
        return message
    }

    static func uint16(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 255)]
    }

    static func vector8(_ content: [UInt8]) -> [UInt8] {
        [UInt8(content.count)] + content
    }

    static func vector16(_ content: [UInt8]) -> [UInt8] {
        Self.uint16(UInt16(content.count)) + content
    }
}
