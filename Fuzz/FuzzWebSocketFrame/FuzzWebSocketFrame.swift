import EdgeWebSocket

/// What a decoder made of bytes.
private struct Outcome: Equatable {
    var payload: [UInt8] = []
    var ends: [Int] = []
    var controls: [WebSocketStep] = []
    var error: WebSocketError?
}

/// Decodes bytes that come in two parts.
private func outcome(_ data: UnsafeBufferPointer<UInt8>, cutAt cut: Int, expectsMask: Bool) -> Outcome {
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
                precondition(offset == bytes.count, "leaves bytes")
                isDone = true
            case .data(let part, _, let endsMessage):
                precondition(part.upperBound <= offset, "hands out what it did not take")
                outcome.payload += bytes[part]
                if endsMessage { outcome.ends.append(outcome.payload.count) }
            case .ping, .pong, .close:
                outcome.controls.append(step)
            }
        }
    }
    return outcome
}

/// Feeds bytes to the decoder of frames, whole and cut in two, and checks that the cut changes nothing.
///
/// - Parameters:
///   - data: the bytes; the first says where to cut, and whose side it is.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzWebSocketFrame(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: data + 1, count: count - 1)
    let expectsMask = data[0] & 1 == 1
    let whole = outcome(bytes, cutAt: 0, expectsMask: expectsMask)
    let cut = min(Int(data[0] >> 1), bytes.count)
    precondition(outcome(bytes, cutAt: cut, expectsMask: expectsMask) == whole, "a cut changes the outcome")
    if let error = whole.error { precondition(error.closeCode.maySend, "a breach earns no code") }
    let span = RawSpan(_unsafeStart: data, byteCount: count)
    if case .request(let request, let length) = WebSocketHandshake.readRequest(span, limit: 2048) {
        precondition(length <= count && request.path.hasPrefix("/"), "a request that was not there")
    }
    _ = try? WebSocketHandshake.readResponse(span, key: "", limit: 2048, ended: true)
    return 0
}
