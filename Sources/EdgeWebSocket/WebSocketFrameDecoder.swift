/// Finds frames in bytes, unmasks them in place, and hands out payload as ranges of the caller's bytes (RFC 6455 §5).
///
///     header (2 to 14 bytes) --data--> payload, handed out as it comes --all of it--> header
///               |
///               +-----control-----> payload, at most 125 bytes, collected --all of it--> header
///
/// Every byte is taken: a header that is cut waits inside, so any split of the input gives the same messages. The
/// payload of text is not checked for UTF-8, since nothing here reads it as text. After an error the decoder is of no
/// further use.
package struct WebSocketFrameDecoder: Sendable {
    private enum State {
        case header
        case data
        case control(WebSocketOpcode)
    }

    private let expectsMask: Bool
    private let limits: WebSocketLimits

    private var state = State.header
    private var held = InlineArray<14, UInt8>(repeating: 0)
    private var heldCount = 0
    /// Bytes of the present frame's payload that are to come, and that came.
    private var remaining = 0
    private var taken = 0
    private var key: UInt32?
    private var isFinal = true
    /// The kind of the message that is begun and not ended.
    private var isText: Bool?
    private var messageLength = 0
    private var control: [UInt8] = []

    /// Creates a decoder for one side of a WebSocket.
    ///
    /// - Parameters:
    ///   - expectsMask: whether the peer is the client, which must mask (RFC 6455 §5.1).
    ///   - limits: what is taken at most.
    package init(expectsMask: Bool, limits: WebSocketLimits) {
        self.expectsMask = expectsMask
        self.limits = limits
    }

    /// Finds what comes next; to be called until it needs bytes.
    ///
    /// - Parameters:
    ///   - bytes: what was received; payload in it is unmasked.
    ///   - offset: where to go on, in bytes; moved behind what was taken.
    /// - Returns: what was found.
    /// - Throws: the peer's breach.
    package mutating func next(
        in bytes: inout MutableRawSpan,
        offset: inout Int
    ) throws(WebSocketError) -> WebSocketStep {
        while true {
            switch self.state {
            case .header:
                guard let header = try self.header(in: bytes.bytes, offset: &offset) else { return .needsBytes }
                try self.begin(header)
            case .data:
                let count = min(self.remaining, bytes.byteCount - offset)
                guard count > 0 || self.remaining == 0 else { return .needsBytes }
                let range = offset..<offset + count
                if let key { WebSocketMask.apply(key: key, to: &bytes, range: range, phase: self.taken) }
                offset += count
                if let step = self.dataTaken(range) { return step }
            case .control(let opcode):
                let count = min(self.remaining, bytes.byteCount - offset)
                guard count > 0 || self.remaining == 0 else { return .needsBytes }
                if count > 0 {
                    let range = offset..<offset + count
                    if let key { WebSocketMask.apply(key: key, to: &bytes, range: range, phase: self.taken) }
                    self.collect(bytes.bytes.extracting(range))
                    offset += count
                }
                if self.remaining == 0 { return try self.controlTaken(opcode) }
            }
        }
    }

    /// The next header, in place where all of it is there, else put together in `held`.
    private mutating func header(
        in bytes: RawSpan,
        offset: inout Int
    ) throws(WebSocketError) -> WebSocketFrameHeader? {
        let available = bytes.byteCount - offset
        if self.heldCount == 0, available >= 2 {
            let second = bytes.unsafeLoad(fromByteOffset: offset + 1, as: UInt8.self)
            let length = WebSocketFrameHeader.length(second: second)
            if available >= length {
                let header = try WebSocketFrameHeader(bytes.extracting(offset..<offset + length))
                offset += length
                return header
            }
        }
        while offset < bytes.byteCount {
            self.held[self.heldCount] = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            self.heldCount += 1
            offset += 1
            guard self.heldCount >= 2 else { continue }
            let length = WebSocketFrameHeader.length(second: self.held[1])
            guard self.heldCount == length else { continue }
            self.heldCount = 0
            return try WebSocketFrameHeader(self.held.span.bytes.extracting(first: length))
        }
        return nil
    }

    private mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketError) {
        guard (header.maskingKey != nil) == self.expectsMask else { throw self.expectsMask ? .notMasked : .masked }
        self.key = header.maskingKey
        self.remaining = header.payloadLength
        self.taken = 0
        switch header.opcode {
        case .close, .ping, .pong:
            self.state = .control(header.opcode)
            return
        case .continuation:
            guard self.isText != nil else { throw .continuationWithoutStart }
        case .text, .binary:
            guard self.isText == nil else { throw .messageInsideMessage }
            self.isText = header.opcode == .text
            self.messageLength = 0
        }
        let (length, overflow) = self.messageLength.addingReportingOverflow(header.payloadLength)
        guard !overflow, length <= self.limits.message else {
            throw .messageTooBig(actual: overflow ? .max : length, limit: self.limits.message)
        }
        self.messageLength = length
        self.isFinal = header.isFinal
        self.state = .data
    }

    /// Counts bytes of a data frame; nil where they say nothing (an empty frame inside a message).
    private mutating func dataTaken(_ range: Range<Int>) -> WebSocketStep? {
        self.remaining -= range.count
        self.taken += range.count
        let isText = self.isText ?? false
        let endsFrame = self.remaining == 0
        let endsMessage = endsFrame && self.isFinal
        if endsFrame { self.state = .header }
        if endsMessage { self.isText = nil }
        guard endsMessage || !range.isEmpty else { return nil }
        return .data(range, isText: isText, endsMessage: endsMessage)
    }

    private mutating func collect(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { self.control.append(contentsOf: $0) }
        self.remaining -= bytes.byteCount
        self.taken += bytes.byteCount
    }

    private mutating func controlTaken(_ opcode: WebSocketOpcode) throws(WebSocketError) -> WebSocketStep {
        let payload = self.control
        self.control = []
        self.state = .header
        switch opcode {
        case .ping: return .ping(payload)
        case .close: return try Self.close(payload)
        case .pong, .continuation, .text, .binary: return .pong(payload)
        }
    }

    /// RFC 6455 §5.5.1: nothing, or a code of two bytes and a reason in UTF-8.
    private static func close(_ payload: [UInt8]) throws(WebSocketError) -> WebSocketStep {
        guard !payload.isEmpty else { return .close(nil, reason: "") }
        guard payload.count >= 2 else { throw .closeTooShort }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.maySend else { throw .invalidCloseCode(code.rawValue) }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .invalidCloseReason }
        return .close(code, reason: reason)
    }
}
