import EdgeOpenSSL
import Testing

@Suite
struct TLSConnectionTests {
    private func client() throws -> TLSConnection {
        let context = try TLSContext(trusting: .nothing, applicationProtocols: ["http/1.1"])
        return try TLSConnection(connecting: context, name: "localhost", isAddress: false)
    }

    /// Goes on with a handshake.
    private func handshake(_ connection: TLSConnection, _ bytes: [UInt8]) -> (step: TLSStep, consumed: Int) {
        var consumed = 0
        let step = connection.handshake(bytes.span.bytes, consumed: &consumed)
        return (step, consumed)
    }

    @Test
    func theHelloIsPendingOutputOnce() throws {
        let client = try self.client()
        #expect(!client.hasPendingOutput)
        #expect(self.handshake(client, []).step == .needsBytes)
        #expect(client.hasPendingOutput)
        let hello = client.takePendingOutput()
        // A handshake record with a ClientHello (RFC 8446 §4.1.2) that names the server and the protocol.
        #expect(hello.first == 22)
        #expect(hello.dropFirst(5).first == 1)
        #expect(String(decoding: hello, as: UTF8.self).contains("localhost"))
        #expect(String(decoding: hello, as: UTF8.self).contains("http/1.1"))
        #expect(!client.hasPendingOutput)
        #expect(client.takePendingOutput().isEmpty)
    }

    @Test
    func anAddressIsNotNamed() throws {
        let context = try TLSContext(trusting: .nothing, applicationProtocols: [])
        let client = try TLSConnection(connecting: context, name: "127.0.0.1", isAddress: true)
        _ = self.handshake(client, [])
        #expect(!String(decoding: client.takePendingOutput(), as: UTF8.self).contains("127.0.0.1"))
    }

    @Test
    func bytesOfARecordThatIsNotWholeAreTaken() throws {
        let client = try self.client()
        _ = self.handshake(client, [])
        let result = self.handshake(client, [22, 3, 3, 0, 100, 2])
        #expect(result.step == .needsBytes)
        #expect(result.consumed == 6)
        #expect(client.version == .tls13 || client.version == .tls12)
        #expect(client.applicationProtocol == nil)
        #expect(client.session == nil)
    }

    @Test
    func anAlertFromThePeerHasItsNumber() throws {
        let client = try self.client()
        _ = self.handshake(client, [])
        // handshake_failure, fatal (RFC 8446 §6.2).
        guard case .failed(let error) = self.handshake(client, [21, 3, 3, 0, 2, 2, 40]).step else {
            Issue.record("the handshake went on")
            return
        }
        #expect(error.cause == .alertReceived(40))
        #expect(error.reasons.count == 1)
    }

    @Test
    func shutdownBeforeTheHandshakeSaysNothing() throws {
        let client = try self.client()
        client.shutdown()
        #expect(!client.hasPendingOutput)
    }

    @Test
    func anErrorOfOneCallIsNotTheNextCalls() throws {
        let failing = try self.client()
        _ = self.handshake(failing, [])
        _ = self.handshake(failing, Array("garbage".utf8))
        let client = try self.client()
        #expect(self.handshake(client, []).step == .needsBytes)
    }

    @Test
    func anchorsThatCannotBeReadAreRefused() {
        #expect(throws: OpenSSLError(cause: .noCertificate)) {
            _ = try TLSContext(trusting: .pem(Array("hello".utf8)), applicationProtocols: [])
        }
    }

    @Test
    func theVersionOfTheLibraryIsTold() {
        #expect(OpenSSLVersion.text.hasPrefix("OpenSSL "))
    }
}
