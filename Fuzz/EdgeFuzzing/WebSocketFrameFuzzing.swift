import EdgeWebSocket

/// The decoder of WebSocket frames, and the heads of the upgrade.
enum WebSocketFrameFuzzing {
    /// What a decoder made of bytes.
    private struct Outcome: Equatable {
        var payload: [UInt8] = []
        var ends: [Int] = []
        var controls: [WebSocketStep] = []
        var error: WebSocketError?
    }

    /// Feeds bytes, whole and cut in two.
    ///
    /// - Parameter bytes: the first says where to cut, and whose side it is.
    /// - Throws: the promise that was broken.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        guard let first = bytes.first else { return }
        let frames = Array(bytes.dropFirst())
        let expectsMask = first & 1 == 1
        let whole = try self.outcome(frames, cutAt: 0, expectsMask: expectsMask)
        let parts = try self.outcome(frames, cutAt: min(Int(first >> 1), frames.count), expectsMask: expectsMask)
        try FuzzFinding.unless(parts == whole, "a cut changes the outcome")
        if let error = whole.error { try FuzzFinding.unless(error.closeCode.maySend, "a breach earns no code") }
        try self.readHeads(bytes)
    }

    private static func readHeads(_ bytes: [UInt8]) throws(FuzzFinding) {
        let span = bytes.span.bytes
        if case .request(let request, let length) = WebSocketHandshake.readRequest(span, limit: 2048) {
            try FuzzFinding.unless(
                length <= bytes.count && request.path.hasPrefix("/"),
                "a request that was not there"
            )
        }
        _ = try? WebSocketHandshake.readResponse(span, key: "", limit: 2048, ended: true)
    }

    /// Decodes bytes that come in two parts.
    private static func outcome(_ data: [UInt8], cutAt cut: Int, expectsMask: Bool) throws(FuzzFinding) -> Outcome {
        var decoder = WebSocketFrameDecoder(expectsMask: expectsMask, limits: WebSocketLimits(message: 4096))
        var outcome = Outcome()
        for range in [0..<cut, cut..<data.count] {
            var bytes = Array(data[range])
            var offset = 0
            var isDone = false
            while !isDone {
                let step: WebSocketStep
                do throws(WebSocketError) {
                    var octets = bytes.mutableSpan
                    var span = octets.mutableBytes
                    step = try decoder.next(in: &span, offset: &offset)
                } catch {
                    outcome.error = error
                    return outcome
                }
                switch step {
                case .needsBytes:
                    try FuzzFinding.unless(offset == bytes.count, "leaves bytes")
                    isDone = true
                case .data(let part, _, let endsMessage):
                    try FuzzFinding.unless(part.upperBound <= offset, "hands out what it did not take")
                    outcome.payload += bytes[part]
                    if endsMessage { outcome.ends.append(outcome.payload.count) }
                case .ping, .pong, .close:
                    outcome.controls.append(step)
                }
            }
        }
        return outcome
    }
}
