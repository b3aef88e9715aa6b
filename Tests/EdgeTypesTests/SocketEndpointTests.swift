import EdgeTypes
import Testing

@Suite
struct SocketEndpointTests {
    @Test(arguments: [
        ("example.com:443", SocketEndpoint.tcp(host: "example.com", port: 443), "example.com:443"),
        ("Example.COM:80", .tcp(host: "example.com", port: 80), "example.com:80"),
        ("192.0.2.7:8443", .tcp(host: "192.0.2.7", port: 8443), "192.0.2.7:8443"),
        ("[::]:443", .tcp(host: "::", port: 443), "[::]:443"),
        ("[2001:DB8:0::1]:1", .tcp(host: "2001:db8::1", port: 1), "[2001:db8::1]:1"),
        (":443", .tcp(host: "::", port: 443), "[::]:443"),
        ("3000", .tcp(host: "127.0.0.1", port: 3000), "127.0.0.1:3000"),
        ("127.0.0.1:0", .tcp(host: "127.0.0.1", port: 0), "127.0.0.1:0"),
        ("127.0.0.1:65535", .tcp(host: "127.0.0.1", port: 65535), "127.0.0.1:65535"),
        ("unix:/run/rvpn.sock", .unix(path: "/run/rvpn.sock"), "unix:/run/rvpn.sock"),
        ("unix:a:b", .unix(path: "a:b"), "unix:a:b"),
        ("fd:https", .inherited(name: "https"), "fd:https"),
    ])
    func anEndpointIsReadAndPrinted(written: String, expected: SocketEndpoint, printed: String) {
        #expect(SocketEndpoint(written) == expected)
        #expect(expected.description == printed)
        #expect(SocketEndpoint(printed) == expected)
    }

    @Test(arguments: [
        "", ":", "example.com", "example.com:", "example.com:65536", "example.com:-1", "example.com:https", "65536",
        "2001:db8::1:443", "[2001:db8::1]", "[example.com]:443", "[]:443", "exa mple:80", "unix:", "fd:", "*:443",
    ])
    func whatIsNoEndpointIsRefused(written: String) {
        #expect(SocketEndpoint(written) == nil)
    }

    @Test
    func onlyTCPHasAPort() {
        #expect(SocketEndpoint.tcp(host: "::", port: 443).port == 443)
        #expect(SocketEndpoint.unix(path: "/a").port == nil)
        #expect(SocketEndpoint.inherited(name: "a").port == nil)
    }
}
