import EdgeTypes
import Testing

@Suite
struct HostnameTests {
    @Test(arguments: [
        ("example.com", "example.com"),
        ("EXAMPLE.Com", "example.com"),
        ("example.com.", "example.com"),
        ("localhost", "localhost"),
        ("_acme-challenge.example.com", "_acme-challenge.example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("3com.example", "3com.example"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("[::ffff:192.0.2.7]", "192.0.2.7"),
    ])
    func aNameIsReadOnceIntoOneForm(written: String, expected: String) {
        let name = Hostname(written)
        #expect(name?.text == expected)
        #expect(name?.description == expected)
    }

    @Test(arguments: [
        "", ".", "..", ".example.com", "example..com", "example.com..", "exa mple.com", "example.com\n",
        "*.example.com",
        "b\u{FC}cher.example", "example.com/", "user@example.com", "example.com:443", "[]", "[example.com]",
        "[2001:db8::1", "2001:db8::1]", "[2001:db8::1]:443", "::g", "a\0b.example",
    ])
    func whatIsNoNameIsRefused(written: String) {
        #expect(Hostname(written) == nil)
    }

    @Test
    func aLabelHasAtMost63Bytes() {
        let longest = String(repeating: "a", count: 63)
        #expect(Hostname("\(longest).example")?.text == "\(longest).example")
        #expect(Hostname("\(longest)a.example") == nil)
        #expect(Hostname("example.\(longest)a") == nil)
    }

    @Test
    func aNameHasAtMost253BytesWithoutTheRootsDot() {
        let label = String(repeating: "a", count: 63)
        let longest = "\(label).\(label).\(label).\(String(repeating: "b", count: 61))"
        #expect(longest.utf8.count == Hostname.maximumLength)
        #expect(Hostname(longest)?.text == longest)
        #expect(Hostname("\(longest).")?.text == longest)
        #expect(Hostname("\(longest)b") == nil)
        #expect(Hostname("\(longest)b.") == nil)
    }

    @Test
    func bytesAndTextGiveTheSameName() {
        for written in ["Example.com.", "[::1]", "192.0.2.1", "not a name", "\u{FC}.example"] {
            let bytes = Array(written.utf8)
            #expect(Hostname(utf8: bytes.span.bytes) == Hostname(written), "\(written)")
        }
        let notText: [UInt8] = [0x61, 0xFF, 0x2E, 0x62]
        #expect(Hostname(utf8: notText.span.bytes) == nil)
        let nothing: [UInt8] = []
        #expect(Hostname(utf8: nothing.span.bytes) == nil)
    }

    @Test
    func theParentIsTheNameWithoutItsFirstLabel() {
        #expect(Hostname("a.b.example")?.parent == Hostname("b.example"))
        #expect(Hostname("b.example")?.parent == Hostname("example"))
        #expect(Hostname("example")?.parent == nil)
    }

    @Test
    func anAddressHasNoParent() {
        #expect(Hostname("192.0.2.7")?.isAddressLiteral == true)
        #expect(Hostname("192.0.2.7")?.parent == nil)
        #expect(Hostname("[2001:db8::1]")?.isAddressLiteral == true)
        #expect(Hostname("[2001:db8::1]")?.parent == nil)
        #expect(Hostname("192.0.2.example")?.isAddressLiteral == false)
    }

    @Test
    func namesAreEqualAndSortedByTheirOneForm() throws {
        let upper = try #require(Hostname("B.example."))
        let lower = try #require(Hostname("b.EXAMPLE"))
        let first = try #require(Hostname("a.example"))
        #expect(upper == lower)
        #expect(Set([upper, lower]).count == 1)
        #expect([upper, first].sorted() == [first, lower])
    }
}
