import EdgeOpenSSL
import EdgeTLS
import Testing

@Suite
struct TLSResumptionTests {
    private func server(
        _ ticketKey: TicketKey?,
        pair: KeyPair = TestCertificates.ecdsa,
        scope: [UInt8] = [1]
    ) throws -> TLSContext {
        try TLSContext(serving: [pair], applicationProtocols: [], ticketKey: ticketKey, sessionScope: scope)
    }

    /// Connects once to each server, and says whether the second connection was a resumed one.
    private func isResumed(from first: TLSContext, at second: TLSContext, version: TLSVersion) throws -> Bool {
        let client = try TLSContext(trusting: .nothing, applicationProtocols: [], versions: version...version)
        let before = try EnginePair(server: first, client: client)
        try before.handshake()
        let session = try #require(before.client.session)
        let after = try EnginePair(server: second, client: client, resuming: session)
        try after.handshake()
        let summary = try #require(after.server.summary)
        #expect(after.client.summary == summary)
        let message = pattern(1000)
        #expect(after.server.receive(try after.client.send(message)).plaintext == message)
        return summary.isResumed
    }

    @Test(arguments: TLSVersion.allCases)
    func aTicketCountsAtTheSameContext(version: TLSVersion) throws {
        let server = try self.server(nil)
        #expect(try self.isResumed(from: server, at: server, version: version))
    }

    @Test(arguments: TLSVersion.allCases)
    func aTicketCountsAfterAReload(version: TLSVersion) throws {
        let key = TicketKey()
        #expect(try self.isResumed(from: self.server(key), at: self.server(key), version: version))
    }

    @Test(arguments: TLSVersion.allCases)
    func aTicketCountsUnderARenewedCertificate(version: TLSVersion) throws {
        let key = TicketKey()
        let renewed = TestCertificates.selfSigned(.ecdsa, names: ["DNS:localhost"])
        #expect(try self.isResumed(from: self.server(key), at: self.server(key, pair: renewed), version: version))
    }

    @Test(arguments: TLSVersion.allCases)
    func aTicketOfAnotherKeyOrScopeCountsForNothing(version: TLSVersion) throws {
        let key = TicketKey()
        #expect(try !self.isResumed(from: self.server(key), at: self.server(TicketKey()), version: version))
        #expect(try !self.isResumed(from: self.server(key), at: self.server(key, scope: [2]), version: version))
    }
}
