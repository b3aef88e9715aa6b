import EdgeCarrier
import EdgeHandlerKit
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import NIOCore
import NIOEmbedded
import Testing

/// Numbers that a seed decides (xorshift).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return self.state
    }
}

@Suite("Conversations that nobody planned")
struct RandomConversationTests {
    /// One stream as both ends see it, and what each has said.
    private struct Conversation {
        let stream: CarrierStream
        let end: RecordingEnd
        var far: RecordingOwner.Opened?
        var down: [UInt8] = []
        var up: [UInt8] = []
        var isReset = false
        var hasEnded = (down: false, up: false)
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func everyStreamKeepsItsBytesAndNothingIsLeft(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed + 1)
        let pair = try CarrierPair(engines: seed % 3 == 0 ? TestEngines.open() : nil) { $0.frame = 700 }
        var conversations: [Conversation] = []
        for number in 0..<12 {
            let (stream, end) = try pair.relay.open(number)
            conversations.append(Conversation(stream: stream, end: end))
        }
        try pair.pump()
        for opened in pair.agent.owner.opened {
            let index = try #require(conversations.firstIndex { $0.stream.id == opened.stream.id })
            conversations[index].far = opened
        }
        for step in 0..<400 {
            let index = Int.random(in: 0..<conversations.count, using: &random)
            try self.act(on: &conversations[index], step: step, &random)
            if Bool.random(using: &random) { try pair.pump(cut: Int.random(in: 1...3000, using: &random)) }
        }
        for index in conversations.indices where !conversations[index].isReset {
            if !conversations[index].hasEnded.down { conversations[index].stream.localEnded() }
            if !conversations[index].hasEnded.up { conversations[index].far?.stream.localEnded() }
        }
        try pair.pump()
        pair.loop.advanceTime(by: .seconds(6))
        #expect(pair.relay.owner.ended.isEmpty && pair.agent.owner.ended.isEmpty)
        #expect(pair.relay.carrier.streamCount == 0 && pair.agent.carrier.streamCount == 0)
        for conversation in conversations {
            let far = try #require(conversation.far)
            if conversation.isReset {
                #expect(conversation.down.starts(with: far.end.delivered))
                #expect(conversation.up.starts(with: conversation.end.delivered))
            } else {
                #expect(far.end.delivered == conversation.down && conversation.end.delivered == conversation.up)
                #expect(!conversation.end.events.isEmpty && !far.end.events.isEmpty)
            }
        }
    }

    private func act(on conversation: inout Conversation, step: Int, _ random: inout SeededGenerator) throws {
        let far = try #require(conversation.far)
        let bytes = pattern(Int.random(in: 1...2000, using: &random), seed: step)
        switch Int.random(in: 0..<40, using: &random) {
        case 0 where !conversation.hasEnded.down && !conversation.isReset:
            conversation.hasEnded.down = true
            conversation.stream.localEnded()
        case 1 where !conversation.hasEnded.up && !conversation.isReset:
            conversation.hasEnded.up = true
            far.stream.localEnded()
        case 2 where !conversation.isReset:
            conversation.isReset = true
            conversation.stream.localGone(wasReset: true)
        case 3 where !conversation.isReset:
            conversation.isReset = true
            far.stream.localGone(wasReset: true)
        case 4..<20 where conversation.stream.acceptsInput && !conversation.hasEnded.down:
            conversation.down += bytes
            conversation.stream.send(bytes: bytes, headroom: Int.random(in: 0...288, using: &random))
        case 20..<36 where far.stream.acceptsInput && !conversation.hasEnded.up:
            conversation.up += bytes
            far.stream.send(bytes: bytes, headroom: Int.random(in: 0...288, using: &random))
        case 36:
            conversation.stream.localWritabilityChanged(false)
        case 37:
            far.stream.localWritabilityChanged(false)
        case 38:
            conversation.stream.localWritabilityChanged(true)
        default:
            far.stream.localWritabilityChanged(true)
        }
    }

    private static let words = [
        "", "end", "error", "pause", "resume", "control", "connection", "-1", "99999999999", "\u{FFFD}",
    ]

    @Test(arguments: [CarrierSettings.Side.relay, .agent], 0..<40 as Range<UInt64>)
    func noiseEndsATunnelAndHarmsNothing(side: CarrierSettings.Side, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed + 100)
        let carrier = try CarrierSide(side)
        if side == .relay { _ = try carrier.open() }
        var fields = ["IPv4", "192.0.2.1", "4711", "3", "https", "443", "app.example.com", "tcp"]
        for _ in 0..<50 where carrier.owner.ended.isEmpty {
            let index = Int.random(in: 0..<fields.count, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                fields[index] = Self.words.randomElement(using: &random) ?? ""
            }
            let header = Array(fields.joined(separator: ",").utf8)
            var packet = [0xFE, UInt8(truncatingIfNeeded: header.count)] + header + [1, 2, 3]
            if Int.random(in: 0..<10, using: &random) == 0 { packet.removeLast() }
            carrier.receive(packets: packet)
        }
        carrier.receive((0..<200).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let closes = try carrier.sentFrames().closes
        #expect(closes.count == carrier.owner.ended.count || carrier.owner.ended == [.upstreamClosed])
        if !carrier.owner.ended.isEmpty { #expect(carrier.carrier.streamCount == 0 && !carrier.carrier.isOpen) }
    }
}
