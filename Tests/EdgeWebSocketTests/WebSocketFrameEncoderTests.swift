import EdgeWebSocket
import Testing

@Suite
struct WebSocketFrameEncoderTests {
    @Test(arguments: [0, 1, 125, 126, 65535, 65536, 100_000], [nil, 0x37FA_213D] as [UInt32?])
    func aFrameIsReadAsItWasWritten(length: Int, key: UInt32?) throws {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        let frame = WebSocketFrameEncoder.frame(.binary, payload: payload, maskingKey: key)
        let header = WebSocketFrameEncoder.headerLength(payloadLength: length, masked: key != nil)
        #expect(frame.count == header + length)
        #expect(frame == rawFrame(2, payload, key: key))
        let events = try FrameReader.events(in: frame, expectsMask: key != nil)
        #expect(events == [.message(payload, isText: false)])
    }

    @Test(arguments: [0, 125, 126, 65535, 65536], [nil, 0x0102_0304] as [UInt32?])
    func aHeaderIsWrittenBackwardsFromThePayload(length: Int, key: UInt32?) {
        var bytes = [UInt8](repeating: 0xEE, count: 20 + length)
        var octets = bytes.mutableSpan
        var span = octets.mutableBytes
        let start = WebSocketFrameEncoder.writeHeader(
            opcode: .binary,
            payloadLength: length,
            maskingKey: key,
            into: &span,
            endingAt: 20
        )
        let expected = rawFrame(2, [UInt8](repeating: 0, count: length), key: key)
        #expect(Array(bytes[start..<20]) == Array(expected.prefix(20 - start)))
        #expect(bytes[..<start].allSatisfy { $0 == 0xEE })
        #expect(bytes[20...].allSatisfy { $0 == 0xEE })
        #expect(20 - start <= WebSocketFrameEncoder.maximumHeaderLength)
    }

    @Test
    func controlFramesAreReadAsTheyWereWritten() throws {
        let close = WebSocketFrameEncoder.closePayload(.tryAgainLater, reason: "connection timeout")
        let wire =
            WebSocketFrameEncoder.frame(.ping, payload: [1, 2], maskingKey: 9)
            + WebSocketFrameEncoder.frame(.pong, payload: [], maskingKey: 10)
            + WebSocketFrameEncoder.frame(.close, payload: close, maskingKey: 11)
        let events = try FrameReader.events(in: wire, expectsMask: true)
        #expect(events == [.ping([1, 2]), .pong([]), .close(.tryAgainLater, "connection timeout")])
    }

    @Test
    func aLongReasonIsCutBetweenCharacters() throws {
        let payload = WebSocketFrameEncoder.closePayload(.policyViolation, reason: String(repeating: "ü", count: 100))
        #expect(payload.count == 2 + 122)
        let frame = WebSocketFrameEncoder.frame(.close, payload: payload, maskingKey: nil)
        let events = try FrameReader.events(in: frame, expectsMask: false)
        #expect(events == [.close(.policyViolation, String(repeating: "ü", count: 61))])
    }
}
