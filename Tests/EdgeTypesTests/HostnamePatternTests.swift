import EdgeTypes
import Testing

@Suite
struct HostnamePatternTests {
    @Test(arguments: [
        ("example.com", "example.com", true),
        ("EXAMPLE.com", "example.COM.", true),
        ("example.com", "a.example.com", false),
        ("*.example.com", "a.example.com", true),
        ("*.example.com", "a.b.c.example.com", true),
        ("*.Example.com", "A.example.COM", true),
        ("*.example.com", "example.com", false),
        ("*.example.com", "badexample.com", false),
        ("*.example.com", "example.com.evil.example", false),
        ("*.b", "a.b", true),
        ("*", "example.com", true),
        ("*", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.7", true),
        ("2001:db8:0::1", "[2001:db8::1]", true),
    ])
    func aPatternAppliesToItsNames(pattern: String, name: String, applies: Bool) throws {
        let read = try #require(HostnamePattern(pattern))
        let asked = try #require(Hostname(name))
        #expect(read.matches(asked) == applies)
    }

    @Test(arguments: [
        "", "*.", "**", "*example.com", "a.*.example.com", "*.*.example.com", "*.192.0.2.7", "*.[::1]", "*.::1",
        "example.*", "* ",
    ])
    func whatIsNoPatternIsRefused(written: String) {
        #expect(HostnamePattern(written) == nil)
    }

    @Test(arguments: [("*.Example.COM", "*.example.com"), ("*", "*"), ("Example.com.", "example.com")])
    func aPatternIsPrintedAsItIsWritten(written: String, expected: String) throws {
        let pattern = try #require(HostnamePattern(written))
        #expect(pattern.description == expected)
        #expect(HostnamePattern(pattern.description) == pattern)
    }
}
