import EdgeTypes
import Testing

@Suite
struct NetworkAddressTests {
    /// RFC 4291 §2.2 forms on the left, RFC 5952 §4 on the right.
    @Test(arguments: [
        ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
        ("FF01:0:0:0:0:0:0:101", "ff01::101"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("0:0:0:0:0:0:0:0", "::"),
        ("::", "::"),
        ("1::", "1::"),
        ("0:0:0:0:0:0:13.1.68.3", "::d01:4403"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("2001:0db8::0001", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:0:0:0:0:0:0:0", "1::"),
        ("fe80::1", "fe80::1"),
    ])
    func anIPv6AddressIsPrintedInTheOneFormOfRFC5952(written: String, expected: String) {
        let address = NetworkAddress(written)
        #expect(address?.isIPv4 == false)
        #expect(address?.description == expected)
        #expect(NetworkAddress(expected) == address)
    }

    @Test(arguments: [
        ("0.0.0.0", UInt32(0)), ("192.0.2.7", 0xC000_0207),
        ("255.255.255.255", 0xFFFF_FFFF), ("127.0.0.1", 0x7F00_0001),
    ])
    func anIPv4AddressIsANumber(written: String, number: UInt32) {
        let address = NetworkAddress(written)
        #expect(address == NetworkAddress(ipv4: number))
        #expect(address?.description == written)
    }

    @Test(arguments: ["::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:192.0.2.7"])
    func aMappedAddressIsTheOneItMaps(written: String) {
        let address = NetworkAddress(written)
        #expect(address == NetworkAddress(ipv4: 0xC000_0207))
        #expect(address?.isIPv4 == true)
        #expect(address?.description == "192.0.2.7")
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.0004", "1.2.3.4 ",
        "-1.2.3.4", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::",
        "12345::", "g::", "::1%eth0", "[::1]", "1:", ":1", "1:2:3:4:5:6:7:", "::1.2.3", "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4", "::ffff:1.2.3.256", "\u{661}.2.3.4",
    ])
    func whatIsNoAddressIsRefused(written: String) {
        #expect(NetworkAddress(written) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
        ("0.0.0.1", false), ("::2", false), ("::", false), ("1::1", false),
    ])
    func loopbackIsWhatOnlyThisMachineReaches(written: String, expected: Bool) {
        #expect(NetworkAddress(written)?.isLoopback == expected)
    }

    @Test
    func anIPv4AddressDiffersFromTheIPv6AddressOfTheSameNumber() {
        #expect(NetworkAddress(ipv4: 1) != NetworkAddress(high: 0, low: 1))
    }
}
