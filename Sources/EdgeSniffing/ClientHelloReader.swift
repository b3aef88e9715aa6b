import EdgeTypes

/// Reads the body of a ClientHello message (RFC 8446 §4.1.2).
struct ClientHelloReader {
    /// Extensions that tell something (RFC 8446 §4.2; RFC 9849 §5 for the encrypted hello).
    private enum Extension {
        static let serverName: UInt16 = 0
        static let supportedGroups: UInt16 = 10
        static let applicationProtocols: UInt16 = 16
        static let supportedVersions: UInt16 = 43
        static let keyShare: UInt16 = 51
        static let encryptedClientHello: UInt16 = 0xFE0D
    }

    /// What was read so far.
    private(set) var hello: ClientHello

    init(length: Int, recordCount: Int) {
        self.hello = ClientHello(length: length, recordCount: recordCount)
    }

    /// Reads the body of a message.
    ///
    /// Lengths must add up, or a name could hide between them. Lists that do not concern routing may be empty: whoever
    /// ends the handshake judges them.
    ///
    /// - Parameter body: the message without its type and length.
    /// - Throws: ``SniffingError/malformedHello(_:)``.
    mutating func read(_ body: RawSpan) throws(SniffingError) {
        var cursor = ByteCursor(0..<body.byteCount)
        self.hello.legacyVersion = try cursor.uint16(body)
        try cursor.take(32)
        let session = try cursor.vector8(body)
        guard session.rest.count <= 32 else { throw .malformedHello(.lengthMismatch) }
        var suites = try cursor.vector16(body)
        while !suites.isAtEnd { self.note(try suites.uint16(body)) }
        _ = try cursor.vector8(body)
        if !cursor.isAtEnd {
            let extensions = try cursor.vector16(body)
            guard cursor.isAtEnd else { throw .malformedHello(.lengthMismatch) }
            try self.readExtensions(extensions, body)
        }
        if self.hello.versions.isEmpty { self.hello.versions = [self.hello.legacyVersion] }
    }

    private mutating func readExtensions(_ extensions: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var extensions = extensions
        // One bit for each possible type: a search through those seen would be quadratic in what the peer sends.
        var seen = [UInt64](repeating: 0, count: 1024)
        while !extensions.isAtEnd {
            let type = try extensions.uint16(body)
            let content = try extensions.vector16(body)
            let bit = UInt64(1) << UInt64(type & 63)
            guard seen[Int(type >> 6)] & bit == 0 else { throw .malformedHello(.duplicateExtension(type)) }
            seen[Int(type >> 6)] |= bit
            self.note(type)
            switch type {
            case Extension.serverName: try self.readServerName(content, body)
            case Extension.supportedGroups: try self.readGroups(content, body)
            case Extension.applicationProtocols: try self.readApplicationProtocols(content, body)
            case Extension.supportedVersions: try self.readVersions(content, body)
            case Extension.keyShare: try self.readKeyShares(content, body)
            case Extension.encryptedClientHello: self.hello.hasEncryptedClientHello = true
            default: break
            }
        }
    }

    /// RFC 6066 §3; an empty extension or an empty name (clients in use send both) counts as none.
    private mutating func readServerName(_ content: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var content = content
        if content.isAtEnd { return }
        var names = try content.vector16(body)
        guard content.isAtEnd else { throw .malformedHello(.lengthMismatch) }
        var isNamed = false
        while !names.isAtEnd {
            let type = try names.uint8(body)
            let name = try names.vector16(body).rest
            guard type == 0 else { continue }
            guard !isNamed else { throw .malformedHello(.severalServerNames) }
            isNamed = true
            guard !name.isEmpty else { continue }
            self.hello.serverName = Hostname(utf8: body.extracting(name))
            if self.hello.serverName == nil { self.hello.rawServerName = body.text(in: name) }
        }
    }

    /// RFC 8446 §4.2.7.
    private mutating func readGroups(_ content: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var content = content
        var groups = try content.vector16(body)
        guard content.isAtEnd else { throw .malformedHello(.lengthMismatch) }
        while !groups.isAtEnd { self.note(try groups.uint16(body)) }
    }

    /// RFC 7301 §3.1.
    private mutating func readApplicationProtocols(_ content: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var content = content
        var names = try content.vector16(body)
        guard content.isAtEnd else { throw .malformedHello(.lengthMismatch) }
        while !names.isAtEnd {
            let name = try names.vector8(body).rest
            guard !name.isEmpty else { throw .malformedHello(.emptyApplicationProtocol) }
            if name.count == 2, GREASE.isReserved(body.uint16(at: name.lowerBound)) {
                self.hello.hasGREASE = true
                continue
            }
            self.hello.applicationProtocols.append(body.text(in: name))
        }
    }

    /// RFC 8446 §4.2.1.
    private mutating func readVersions(_ content: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var content = content
        var versions = try content.vector8(body)
        guard content.isAtEnd else { throw .malformedHello(.lengthMismatch) }
        while !versions.isAtEnd {
            let version = try versions.uint16(body)
            if !self.note(version) { self.hello.versions.append(version) }
        }
    }

    /// RFC 8446 §4.2.8.
    private mutating func readKeyShares(_ content: ByteCursor, _ body: RawSpan) throws(SniffingError) {
        var content = content
        var shares = try content.vector16(body)
        guard content.isAtEnd else { throw .malformedHello(.lengthMismatch) }
        while !shares.isAtEnd {
            let group = try shares.uint16(body)
            _ = try shares.vector16(body)
            self.note(group)
            if PostQuantumGroup.contains(group) { self.hello.hasPostQuantumKeyShare = true }
        }
    }

    /// Notes whether a value is reserved by RFC 8701.
    @discardableResult
    private mutating func note(_ value: UInt16) -> Bool {
        guard GREASE.isReserved(value) else { return false }
        self.hello.hasGREASE = true
        return true
    }
}
