import EdgeWebSocket
import Testing

@Suite
struct HostileFrameTests {
    /// What bytes come to: what was said before a breach, and the breach.
    private struct Outcome: Equatable {
        var events: [FrameReader.Event] = []
        var open: [UInt8] = []
        var error: WebSocketError?
    }

    private static func outcome(_ wire: [UInt8], cutAt cuts: [Int], expectsMask: Bool) -> Outcome {
        var reader = FrameReader(expectsMask: expectsMask, message: 4096)
        var outcome = Outcome()
        var start = 0
        do throws(WebSocketError) {
            for cut in cuts + [wire.count] {
                try reader.feed(wire[start..<cut])
                start = cut
            }
        } catch {
            outcome.error = error
        }
        outcome.events = reader.events
        outcome.open = reader.open
        return outcome
    }

    @Test
    func changedBytesNeverTrapAndCutsChangeNothing() {
        var numbers = SeededNumbers(seed: 0x5EED)
        var breaches = 0
        for _ in 0..<3000 {
            let key: UInt32? = Bool.random(using: &numbers) ? UInt32.random(in: .min ... .max, using: &numbers) : nil
            var wire: [UInt8] = []
            for _ in 0..<Int.random(in: 1...5, using: &numbers) {
                let count = Int.random(in: 0...(Bool.random(using: &numbers) ? 8 : 200), using: &numbers)
                let opcode: UInt8 = [0, 1, 2, 8, 9, 10].randomElement(using: &numbers) ?? 2
                wire += rawFrame(
                    opcode,
                    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) },
                    isFinal: Bool.random(using: &numbers),
                    key: key
                )
            }
            for _ in 0..<Int.random(in: 0...3, using: &numbers) {
                wire[Int.random(in: 0..<wire.count, using: &numbers)] = UInt8.random(in: .min ... .max, using: &numbers)
            }
            let whole = Self.outcome(wire, cutAt: [], expectsMask: key != nil)
            let cuts = (0..<4).map { _ in Int.random(in: 0...wire.count, using: &numbers) }.sorted()
            #expect(Self.outcome(wire, cutAt: cuts, expectsMask: key != nil) == whole)
            if whole.error != nil { breaches += 1 }
        }
        #expect(breaches > 100, "the changes break nothing: the test is blind")
    }
}
