import EdgeTunnel

/// Feeds bytes to the parser of control messages, and reads again what it writes.
///
/// - Parameters:
///   - data: the bytes.
///   - count: how many there are.
/// - Returns: zero, as the fuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzControlMessage(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data else { return 0 }
    let message = ControlMessage(parsing: Array(UnsafeBufferPointer(start: data, count: count)))
    _ = message.description
    switch message {
    case .malformed(let text):
        let answer = ControlMessage.fault(.badCommand(text))
        precondition(ControlMessage(parsing: Array(answer.json.utf8)) == answer, "an answer that nobody can read")
    case .unknown(_, let command):
        let answer = ControlMessage.reply(id: 1, fault: .unknownCommand(command))
        precondition(ControlMessage(parsing: Array(answer.json.utf8)) == answer, "an answer that nobody can read")
    case .hello, .addToken, .deleteToken, .auth, .grant, .accessToken, .reply, .fault:
        let again = ControlMessage(parsing: Array(message.json.utf8))
        precondition(again.json == message.json, "what is written is not what is read")
        _ = TunnelPacker.control(message)
    }
    return 0
}
