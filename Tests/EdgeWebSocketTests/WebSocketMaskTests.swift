import EdgeWebSocket
import Testing

@Suite
struct WebSocketMaskTests {
    /// The mask as RFC 6455 §5.3 words it.
    private static func masked(_ bytes: [UInt8], key: UInt32, phase: Int) -> [UInt8] {
        let octets = (0..<4).map { UInt8(truncatingIfNeeded: key >> ((3 - UInt32($0)) * 8)) }
        return bytes.enumerated().map { $1 ^ octets[($0 + phase) % 4] }
    }

    private static func apply(key: UInt32, to bytes: inout [UInt8], range: Range<Int>, phase: Int) {
        var octets = bytes.mutableSpan
        var span = octets.mutableBytes
        WebSocketMask.apply(key: key, to: &span, range: range, phase: phase)
    }

    @Test
    func theExampleOfTheSpecificationIsMasked() {
        var bytes = Array("Hello".utf8)
        Self.apply(key: 0x37FA_213D, to: &bytes, range: 0..<5, phase: 0)
        #expect(bytes == [0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test
    func everyLengthPhaseAndAlignmentIsMaskedAsByteForByte() {
        let key: UInt32 = 0x0102_F3F4
        let plain = (0..<220).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for start in 0..<9 {
            for count in [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 31, 63, 64, 65, 71, 72, 127, 128, 130, 200] {
                for phase in 0..<5 {
                    var bytes = plain
                    let range = start..<start + count
                    Self.apply(key: key, to: &bytes, range: range, phase: phase)
                    #expect(Array(bytes[range]) == Self.masked(Array(plain[range]), key: key, phase: phase))
                    #expect(bytes[..<start] == plain[..<start])
                    #expect(bytes[range.upperBound...] == plain[range.upperBound...])
                }
            }
        }
    }

    @Test
    func twiceIsAsIfNothingHadBeen() {
        let plain = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var bytes = plain
        Self.apply(key: 0xA1B2_C3D4, to: &bytes, range: 1..<999, phase: 3)
        #expect(bytes != plain)
        Self.apply(key: 0xA1B2_C3D4, to: &bytes, range: 1..<999, phase: 3)
        #expect(bytes == plain)
    }

    @Test
    func maskingIsFastWhereTheCompilerOptimises() {
        let size = 256 << 10
        let rounds = Self.isOptimised ? 8000 : 8
        var bytes = [UInt8](repeating: 1, count: size + 1)
        let clock = ContinuousClock()
        let elapsed = clock.measure {
            for round in 0..<rounds { Self.apply(key: 0xA1B2_C3D4, to: &bytes, range: 1..<size + 1, phase: round) }
        }
        let seconds = Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds)
        let rate = Double(size * rounds) / seconds / Double(1 << 30)
        let build = Self.isOptimised ? "optimised" : "not optimised"
        print("mask: \(Int(rate * 10) / 10).\(Int(rate * 10) % 10) GiB/s, \(build)")
        // A tenth of what is expected: a machine that is busy must not fail it.
        #expect(rate > (Self.isOptimised ? 1 : 0))
    }

    private static var isOptimised: Bool {
        var optimised = true
        assert(
            {
                optimised = false
                return true
            }()
        )
        return optimised
    }
}
