import EdgeTokens
import Testing

@Suite
struct PortRangeTests {
    @Test(arguments: [("1", 1, 1), ("65535", 65535, 65535), ("20000-20010", 20000, 20010), ("7-7", 7, 7)])
    func portsAndRangesAreRead(text: String, lower: UInt16, upper: UInt16) {
        #expect(PortRange(text)?.bounds == lower...upper)
    }

    @Test(arguments: ["", "-", "0", "0-5", "5-", "-5", "65536", "10-9", "1-2-3", "+5", " 5", "5 ", "٣", "1.5", "0x10"])
    func anythingElseIsRefused(text: String) {
        #expect(PortRange(text) == nil)
    }

    @Test
    func aRangeIsWrittenAsItIsRead() {
        #expect(PortRange(2222...2222).description == "2222")
        #expect(PortRange("20000-20010")?.description == "20000-20010")
    }
}
