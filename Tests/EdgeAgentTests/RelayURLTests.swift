import EdgeAgent
import Testing

@Suite("Where a relay is")
struct RelayURLTests {
    /// What is written, then scheme and authority, port, and path as they are read.
    struct Row: Sendable {
        let text: String
        let authority: String
        let port: UInt16
        let path: String
        var isSecure = true
    }

    @Test(
        arguments: [
            Row(text: "wss://relay.example.com", authority: "relay.example.com", port: 443, path: "/"),
            Row(text: "relay.example.com", authority: "relay.example.com", port: 443, path: "/"),
            Row(text: "https://relay.example.com/", authority: "relay.example.com", port: 443, path: "/"),
            Row(text: "WSS://Relay.Example.COM", authority: "relay.example.com", port: 443, path: "/"),
            Row(text: "wss://relay.example.com:443/a", authority: "relay.example.com", port: 443, path: "/a"),
            Row(text: "wss://relay.example.com:8443", authority: "relay.example.com:8443", port: 8443, path: "/"),
            Row(text: "wss://r.example.com/a/b?c=d", authority: "r.example.com", port: 443, path: "/a/b?c=d"),
            Row(text: "wss://[2001:db8::1]:8443/x", authority: "[2001:db8::1]:8443", port: 8443, path: "/x"),
            Row(text: "wss://[2001:db8::1]", authority: "[2001:db8::1]", port: 443, path: "/"),
            Row(text: "192.0.2.1:444", authority: "192.0.2.1:444", port: 444, path: "/"),
            Row(text: "ws://localhost", authority: "localhost", port: 80, path: "/", isSecure: false),
            Row(text: "http://localhost:443", authority: "localhost:443", port: 443, path: "/", isSecure: false),
        ]
    )
    func whatIsWrittenIsRead(row: Row) throws {
        let url = try #require(RelayURL(row.text))
        #expect(url.authority == row.authority)
        #expect(url.port == row.port)
        #expect(url.path == row.path)
        #expect(url.isSecure == row.isSecure)
    }

    @Test(
        arguments: [
            "", "wss://", "ftp://relay.example.com", "wss://user@relay.example.com", "wss://u:p@relay.example.com/",
            "wss://relay.example.com:0", "wss://relay.example.com:65536", "wss://relay.example.com:",
            "wss://relay..com", "wss://relay.example.com:https", "wss://re lay.test", "://relay.example.com",
            "wss:///path",
        ]
    )
    func whatIsNoRelayIsRefused(text: String) {
        #expect(RelayURL(text) == nil)
    }

    @Test
    func aDescriptionShowsNoQuery() throws {
        let url = try #require(RelayURL("wss://relay.example.com/a?access_token=abc123"))
        #expect(url.description == "wss://relay.example.com/a")
    }
}
