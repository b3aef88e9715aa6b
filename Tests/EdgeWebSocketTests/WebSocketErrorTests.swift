import EdgeWebSocket
import Testing

@Suite
struct WebSocketErrorTests {
    /// A breach, the bytes that commit it, and the close code that it earns.
    struct Breach: Sendable, CustomTestStringConvertible {
        let error: WebSocketError
        let wire: [UInt8]
        let code: UInt16
        var expectsMask = false

        var testDescription: String { "\(self.error)" }
    }

    static let breaches: [Breach] = [
        Breach(error: .reservedBits(0x40), wire: rawFrame(2, reserved: 0x40), code: 1002),
        Breach(error: .reservedBits(0x20), wire: rawFrame(2, reserved: 0x20), code: 1002),
        Breach(error: .reservedBits(0x10), wire: rawFrame(9, reserved: 0x10), code: 1002),
        Breach(error: .unknownOpcode(3), wire: rawFrame(3), code: 1002),
        Breach(error: .unknownOpcode(7), wire: rawFrame(7), code: 1002),
        Breach(error: .unknownOpcode(11), wire: rawFrame(11), code: 1002),
        Breach(error: .unknownOpcode(15), wire: rawFrame(15), code: 1002),
        Breach(error: .fragmentedControl(.ping), wire: rawFrame(9, isFinal: false), code: 1002),
        Breach(error: .fragmentedControl(.close), wire: rawFrame(8, isFinal: false), code: 1002),
        Breach(error: .controlTooLong(.ping), wire: [0x89, 126, 0, 126], code: 1002),
        Breach(error: .controlTooLong(.pong), wire: [0x8A, 127, 0, 0, 0, 0, 0, 1, 0, 0], code: 1002),
        Breach(error: .notMasked, wire: rawFrame(2, [1]), code: 1002, expectsMask: true),
        Breach(error: .notMasked, wire: rawFrame(9), code: 1002, expectsMask: true),
        Breach(error: .masked, wire: rawFrame(2, [1], key: 1), code: 1002),
        Breach(error: .continuationWithoutStart, wire: rawFrame(0, [1]), code: 1002),
        Breach(error: .continuationWithoutStart, wire: rawFrame(2, [1]) + rawFrame(0, [1]), code: 1002),
        Breach(error: .messageInsideMessage, wire: rawFrame(2, isFinal: false) + rawFrame(2), code: 1002),
        Breach(error: .messageInsideMessage, wire: rawFrame(1, isFinal: false) + rawFrame(2), code: 1002),
        Breach(error: .lengthNotMinimal(125), wire: [0x82, 126, 0, 125], code: 1002),
        Breach(error: .lengthNotMinimal(0xFFFF), wire: [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], code: 1002),
        Breach(
            error: .lengthOutOfRange(1 << 63),
            wire: [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
            code: 1002
        ),
        Breach(
            error: .messageTooBig(actual: 1 << 62, limit: 1000),
            wire: [0x82, 127, 0x40, 0, 0, 0, 0, 0, 0, 0],
            code: 1009
        ),
        Breach(error: .messageTooBig(actual: 1001, limit: 1000), wire: [0x82, 126, 0x03, 0xE9], code: 1009),
        Breach(
            error: .messageTooBig(actual: 1002, limit: 1000),
            wire: rawFrame(2, [1, 2], isFinal: false) + [0x80, 126, 0x03, 0xE8],
            code: 1009
        ),
        Breach(
            error: .messageTooBig(actual: .max, limit: 1000),
            wire: rawFrame(2, [1, 2], isFinal: false) + [0x80, 127, 0x7F] + [UInt8](repeating: 0xFF, count: 7),
            code: 1009
        ),
        Breach(error: .closeTooShort, wire: rawFrame(8, [3]), code: 1002),
        Breach(error: .invalidCloseReason, wire: rawFrame(8, [0x03, 0xE8, 0xC3]), code: 1007),
        Breach(error: .invalidCloseReason, wire: rawFrame(8, [0x03, 0xE8, 0xED, 0xA0, 0x80]), code: 1007),
    ]

    @Test(arguments: breaches)
    func aBreachIsRefusedWithTheCodeThatItEarns(breach: Breach) {
        #expect(throws: breach.error) {
            _ = try FrameReader.events(in: breach.wire, expectsMask: breach.expectsMask, message: 1000)
        }
        #expect(breach.error.closeCode.rawValue == breach.code)
        #expect(breach.error.closeCode.maySend)
    }

    @Test(arguments: breaches)
    func aBreachThatComesByteByByteIsTheSame(breach: Breach) {
        let cuts = Array(1..<breach.wire.count)
        #expect(throws: breach.error) {
            _ = try FrameReader.events(
                in: breach.wire,
                cutAt: cuts,
                expectsMask: breach.expectsMask,
                message: 1000
            )
        }
    }

    @Test
    func aLengthAboveTheLimitIsRefusedBeforeThePayloadComes() throws {
        var reader = FrameReader(expectsMask: true, message: 100)
        #expect(throws: WebSocketError.messageTooBig(actual: 101, limit: 100)) {
            try reader.feed([0x82, 0x80 | 101, 1, 2, 3, 4])
        }
        #expect(reader.open.isEmpty)
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
    func aCloseCodeThatMayNotBeSentIsRefused(code: Int) {
        let payload = [UInt8(code >> 8), UInt8(code & 255)]
        #expect(throws: WebSocketError.invalidCloseCode(UInt16(code))) {
            _ = try FrameReader.events(in: rawFrame(8, payload), expectsMask: false)
        }
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])
    func aCloseCodeThatMayBeSentIsTaken(code: Int) throws {
        let payload = [UInt8(code >> 8), UInt8(code & 255)]
        let events = try FrameReader.events(in: rawFrame(8, payload), expectsMask: false)
        #expect(events == [.close(WebSocketCloseCode(rawValue: UInt16(code)), "")])
    }
}
