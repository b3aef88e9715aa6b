import EdgeTypes
import Testing

@Suite
struct IdentityTests {
    @Test
    func connectionsAreOrderedAndPrintedByNumber() {
        let older = ConnectionID(rawValue: 9)
        let newer = ConnectionID(rawValue: 42)
        #expect(older < newer)
        #expect(!(newer < older))
        #expect(newer.description == "c42")
        #expect(Set([older, newer, ConnectionID(rawValue: 9)]).count == 2)
    }

    @Test
    func tunnelsAreOrderedAndPrintedByNumber() {
        let older = TunnelID(rawValue: 7)
        let newer = TunnelID(rawValue: UInt64.max)
        #expect(older < newer)
        #expect(!(newer < older))
        #expect(older.description == "t7")
        #expect(Set([older, newer, TunnelID(rawValue: 7)]).count == 2)
    }

    @Test(arguments: [
        ("192.0.2.1", UInt16(4711), "192.0.2.1:4711"),
        ("2001:db8::1", 65535, "[2001:db8::1]:65535"),
        ("::ffff:192.0.2.1", 1, "192.0.2.1:1"),
    ])
    func aStreamIsPrintedAsAddressAndPort(address: String, port: UInt16, expected: String) throws {
        let parsed = try #require(NetworkAddress(address))
        #expect(StreamID(address: parsed, port: port).description == expected)
        #expect(PeerAddress(address: parsed, port: port).description == expected)
    }

    @Test
    func aStreamIsKeyedByAddressAndPort() throws {
        let mapped = try #require(NetworkAddress("::ffff:192.0.2.1"))
        let plain = try #require(NetworkAddress("192.0.2.1"))
        let first = StreamID(address: mapped, port: 1)
        #expect(first == StreamID(address: plain, port: 1))
        #expect(first != StreamID(address: plain, port: 2))
    }

    @Test
    func aPeerOnAUnixSocketIsLocal() throws {
        #expect(PeerAddress.local.description == "local")
        #expect(PeerAddress.local.isLoopback)
        let outside = try #require(NetworkAddress("192.0.2.1"))
        #expect(!PeerAddress(address: outside, port: 1).isLoopback)
        let inside = try #require(NetworkAddress("127.0.0.2"))
        #expect(PeerAddress(address: inside, port: 1).isLoopback)
    }

    @Test
    func everyProtocolHasATokenOfItsOwn() {
        let tokens = ApplicationProtocol.allCases.map(\.rawValue)
        #expect(Set(tokens) == ["tls", "http", "websocket", "http2", "ssh", "opaque"])
        #expect(Set(tokens).count == tokens.count)
    }
}
