import EdgeAdmin
import EdgeTypes
import Testing

@Suite
struct AdminAuthorizerTests {
    @Test(arguments: [
        ("127.0.0.1", AdminAuthorizer.Verdict.allowed),
        ("127.255.255.254", .allowed),
        ("::1", .allowed),
        ("::ffff:127.0.0.1", .allowed),
        ("192.0.2.1", .refusedRemote),
        ("10.0.0.1", .refusedRemote),
        ("::2", .refusedRemote),
        ("::ffff:192.0.2.1", .refusedRemote),
        ("0.0.0.0", .refusedRemote),
    ])
    func onlyALoopbackAddressMayLook(address: String, verdict: AdminAuthorizer.Verdict) throws {
        let parsed: NetworkAddress = try #require(NetworkAddress(address))
        let peer = PeerAddress(address: parsed, port: 4711)
        #expect(AdminAuthorizer.verdict(on: peer, isForwarded: false) == verdict)
    }

    @Test
    func aUnixSocketIsOfThisMachine() {
        #expect(AdminAuthorizer.verdict(on: .local, isForwarded: false) == .allowed)
    }

    @Test
    func aForwardedRequestMayComeFromAnywhere() {
        #expect(AdminAuthorizer.verdict(on: .local, isForwarded: true) == .refusedForwarded)
        let remote = PeerAddress(address: NetworkAddress("192.0.2.1"), port: 1)
        #expect(AdminAuthorizer.verdict(on: remote, isForwarded: true) == .refusedRemote)
    }
}
