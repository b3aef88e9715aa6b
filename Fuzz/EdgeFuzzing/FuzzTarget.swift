/// What is fuzzed: one case a parser, named for its folder in `Fuzz/Corpus` and for its executable, `Fuzz<Parser>`.
///
/// The executables and the test that replays the corpora come in by the same door.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// The parser of ClientHello.
    case clientHello = "ClientHello"
    /// The parser of request heads.
    case httpPreface = "HTTPPreface"
    /// All parsers of first bytes, asked in turn.
    case sniffer = "Sniffer"
    /// The decoder of WebSocket frames, and both sides' heads of the upgrade.
    case webSocketFrame = "WebSocketFrame"
    /// The unpacker of a tunnel's packets.
    case tunnelPacket = "TunnelPacket"
    /// Packets as they are written and read again.
    case packedTunnel = "PackedTunnel"
    /// The parser of control messages.
    case controlMessage = "ControlMessage"
    /// Tokens as a peer shows them, and claims behind a good signature.
    case token = "Token"
    /// The configurations of relay and agent.
    case configuration = "Configuration"
    /// A tunnel and its visitors on channels in memory.
    case connection = "Connection"

    /// Feeds bytes to the code under test.
    ///
    /// - Parameter bytes: what a fuzzer or a corpus says.
    /// - Throws: the promise that was broken.
    package func feed(_ bytes: [UInt8]) throws(FuzzFinding) {
        switch self {
        case .clientHello: try ClientHelloFuzzing.feed(bytes)
        case .httpPreface: try HTTPPrefaceFuzzing.feed(bytes)
        case .sniffer: try SnifferFuzzing.feed(bytes)
        case .webSocketFrame: try WebSocketFrameFuzzing.feed(bytes)
        case .tunnelPacket: try TunnelPacketFuzzing.feed(bytes)
        case .packedTunnel: try PackedTunnelFuzzing.feed(bytes)
        case .controlMessage: try ControlMessageFuzzing.feed(bytes)
        case .token: try TokenFuzzing.feed(bytes)
        case .configuration: try ConfigurationFuzzing.feed(bytes)
        case .connection: try ConnectionFuzzing.feed(bytes)
        }
    }

    /// Feeds bytes that libFuzzer lends, and ends the process where a promise is broken: that is how it hears of it.
    ///
    /// - Parameters:
    ///   - data: the bytes.
    ///   - count: how many there are.
    /// - Returns: zero, as libFuzzer wants it.
    package func feed(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        do throws(FuzzFinding) {
            try self.feed(Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : count)))
        } catch {
            fatalError("\(self.rawValue): \(error)")
        }
        return 0
    }
}
