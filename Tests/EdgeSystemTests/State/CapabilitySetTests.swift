import EdgeSystem
import Testing

@Suite
struct CapabilitySetTests {
    @Test
    func theKernelsTwoWordsMakeOneSet() {
        let set = CapabilitySet(low: 0x0000_0400, high: 0x0000_0100)
        #expect(set.rawValue == 0x0000_0100_0000_0400)
        #expect(set.contains(.netBindService))
        #expect(set.low == 0x400)
        #expect(set.high == 0x100)
    }

    @Test
    func keepingOneOfManyLeavesOne() {
        let all = CapabilitySet(low: .max, high: 0x1FF)
        #expect(all.intersection(.netBindService) == .netBindService)
        #expect(CapabilitySet(low: ~0x400, high: .max).intersection(.netBindService).isEmpty)
    }
}
