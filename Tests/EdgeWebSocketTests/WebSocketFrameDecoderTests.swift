import EdgeWebSocket
import Testing

@Suite
struct WebSocketFrameDecoderTests {
    /// A fragmented text with a ping between its parts, an empty frame inside, a long message, a pong and a close.
    private static func conversation(key: UInt32?) -> (wire: [UInt8], events: [FrameReader.Event]) {
        let long = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        var wire: [UInt8] = []
        wire += rawFrame(1, Array("Hel".utf8), isFinal: false, key: key)
        wire += rawFrame(9, Array("are you there".utf8), key: key)
        wire += rawFrame(0, [], isFinal: false, key: key)
        wire += rawFrame(0, Array("lo".utf8), key: key)
        wire += rawFrame(2, long, key: key)
        wire += rawFrame(10, [], key: key)
        wire += rawFrame(2, [], key: key)
        wire += rawFrame(8, [0x03, 0xE8] + Array("tschüß".utf8), key: key)
        return (
            wire,
            [
                .ping(Array("are you there".utf8)), .message(Array("Hello".utf8), isText: true),
                .message(long, isText: false), .pong([]), .message([], isText: false),
                .close(.normalClosure, "tschüß"),
            ]
        )
    }

    @Test(arguments: [nil, 0x37FA_213D, 0xFFFF_FFFF, 0x0000_0001] as [UInt32?])
    func everySplitGivesTheSameMessages(key: UInt32?) throws {
        let (wire, events) = Self.conversation(key: key)
        for cut in 0...wire.count {
            let found = try FrameReader.events(in: wire, cutAt: [cut], expectsMask: key != nil)
            #expect(found == events, "cut at \(cut)")
        }
    }

    @Test
    func everyPairOfCutsGivesTheSameMessages() throws {
        let (wire, events) = Self.conversation(key: 0x0102_0304)
        for first in stride(from: 0, through: wire.count, by: 3) {
            for second in stride(from: first, through: wire.count, by: 5) {
                let found = try FrameReader.events(in: wire, cutAt: [first, second], expectsMask: true)
                #expect(found == events, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: [nil, 0x37FA_213D] as [UInt32?])
    func oneByteAtATimeGivesTheSameMessages(key: UInt32?) throws {
        let (wire, events) = Self.conversation(key: key)
        let found = try FrameReader.events(in: wire, cutAt: Array(1..<wire.count), expectsMask: key != nil)
        #expect(found == events)
    }

    @Test
    func everyTruncationAsksForMoreAndLosesNothing() throws {
        let (wire, events) = Self.conversation(key: 7)
        for length in 0..<wire.count {
            var reader = FrameReader(expectsMask: true)
            try reader.feed(wire[..<length])
            #expect(reader.events.count < events.count)
            #expect(reader.events == Array(events.prefix(reader.events.count)))
            try reader.feed(wire[length...])
            #expect(reader.events == events)
        }
    }

    @Test
    func payloadOfACutFrameIsHandedOutAsItComes() throws {
        var reader = FrameReader(expectsMask: false)
        try reader.feed(rawFrame(2, [1, 2, 3, 4, 5]).prefix(4))
        #expect(reader.events.isEmpty)
        #expect(reader.open == [1, 2])
    }

    @Test
    func theExamplesOfTheSpecificationAreRead() throws {
        // RFC 6455 §5.7.
        let hello = Array("Hello".utf8)
        let plain: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(try FrameReader.events(in: plain, expectsMask: false) == [.message(hello, isText: true)])
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(try FrameReader.events(in: masked, expectsMask: true) == [.message(hello, isText: true)])
        let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        #expect(try FrameReader.events(in: fragments, expectsMask: false) == [.message(hello, isText: true)])
        let ping: [UInt8] = [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(try FrameReader.events(in: ping, expectsMask: false) == [.ping(hello)])
        let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(try FrameReader.events(in: pong, expectsMask: true) == [.pong(hello)])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 255, 256, 65535, 65536, 70000])
    func everyKindOfLengthIsRead(length: Int) throws {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for key in [nil, 0xDEAD_BEEF] as [UInt32?] {
            let wire = rawFrame(2, payload, key: key)
            #expect(
                try FrameReader.events(in: wire, expectsMask: key != nil) == [.message(payload, isText: false)]
            )
        }
    }

    @Test
    func aMessageOfExactlyTheLimitIsTaken() throws {
        let wire = rawFrame(2, [1, 2], isFinal: false) + rawFrame(0, [3, 4])
        #expect(
            try FrameReader.events(in: wire, expectsMask: false, message: 4) == [.message([1, 2, 3, 4], isText: false)]
        )
    }

    @Test
    func theLimitCountsEachMessageAnew() throws {
        let wire = rawFrame(2, [1, 2, 3]) + rawFrame(2, [4, 5, 6])
        #expect(try FrameReader.events(in: wire, expectsMask: false, message: 3).count == 2)
    }

    @Test
    func aCloseWithoutCodeHasNone() throws {
        #expect(try FrameReader.events(in: rawFrame(8), expectsMask: false) == [.close(nil, "")])
    }
}
