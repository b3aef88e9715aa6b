import EdgeTunnel

/// The parser of control messages.
enum ControlMessageFuzzing {
    /// Feeds bytes, and reads again what is written.
    static func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        let message = ControlMessage(parsing: bytes)
        _ = message.description
        switch message {
        case .malformed(let text):
            try self.checkAnswer(.fault(.badCommand(text)))
        case .unknown(_, let command):
            try self.checkAnswer(.reply(id: 1, fault: .unknownCommand(command)))
        case .hello, .addToken, .deleteToken, .auth, .grant, .accessToken, .reply, .fault:
            let again = ControlMessage(parsing: Array(message.json.utf8))
            try FuzzFinding.unless(again.json == message.json, "what is written is not what is read")
            _ = TunnelPacker.control(message)
        }
    }

    private static func checkAnswer(_ answer: ControlMessage) throws(FuzzFinding) {
        let again = ControlMessage(parsing: Array(answer.json.utf8))
        try FuzzFinding.unless(again == answer, "an answer that nobody can read")
    }
}
