import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import Testing

@Suite
struct TLSEngineTests {
    @Test(arguments: TLSVersion.allCases)
    func bothSidesAgree(version: TLSVersion) throws {
        let pair = try EnginePair(versions: version...version)
        #expect(pair.client.summary == nil)
        try pair.handshake()
        #expect(pair.client.isHandshakeComplete && pair.server.isHandshakeComplete)
        let summary = try #require(pair.server.summary)
        #expect(summary.version == version)
        #expect(summary.applicationProtocol == "http/1.1")
        #expect(!summary.isResumed)
        #expect(summary.cipher.contains("AES_128_GCM"))
        #expect(pair.client.summary == summary)
    }

    @Test(arguments: TLSVersion.allCases, [1, 3, 100, 16_389])
    func everySplitGivesTheSamePlaintext(version: TLSVersion, pieces: Int) throws {
        let pair = try EnginePair(versions: version...version)
        try pair.handshake(pieces: pieces)
        #expect(pair.server.isHandshakeComplete)
        let message = pattern(40_000)
        let ciphertext = try pair.client.send(message)
        let received = pair.server.receive(ciphertext, pieces: pieces)
        #expect(received.plaintext == message)
        #expect(received.outcome == .needsBytes)
    }

    @Test(arguments: TLSVersion.allCases, [1000, 16_384, 65_536])
    func aMebibyteArrivesBothWaysWhateverTheRoom(version: TLSVersion, room: Int) throws {
        let pair = try EnginePair(versions: version...version)
        try pair.handshake()
        let message = pattern(1 << 20)
        let up = try pair.client.send(message)
        #expect(pair.server.receive(up, pieces: 65_536, room: room).plaintext == message)
        let down = try pair.server.send(message)
        #expect(pair.client.receive(down, pieces: 65_536, room: room).plaintext == message)
    }

    @Test(arguments: TLSVersion.allCases, [0, 1, 16_383, 16_384, 16_385, 65_408, 300_000])
    func theBoundIsEnough(version: TLSVersion, count: Int) throws {
        let pair = try EnginePair(versions: version...version)
        try pair.handshake()
        let ciphertext = try pair.server.send(pattern(count))
        #expect(!pair.server.hasPendingOutput)
        #expect(pair.client.receive(ciphertext).plaintext == pattern(count))
    }

    @Test
    func whatDoesNotFitIsPendingAndInOrder() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let message = pattern(50_000)
        let head = try pair.server.send(message, capacity: 20_000)
        #expect(head.count <= 20_000)
        let again = try pair.server.send(message, capacity: 100_000)
        #expect(again.isEmpty)
        #expect(pair.client.receive(head + pair.server.takePendingOutput()).plaintext == message + message)
        #expect(!pair.server.hasPendingOutput)
    }

    @Test
    func withoutRoomNothingIsTaken() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let ciphertext = try pair.client.send([1, 2, 3])
        var empty = OutputRawSpan()
        let receipt = pair.server.receive(ciphertext.span.bytes, into: &empty)
        #expect(receipt == TLSReceipt(consumed: 0, handshakeJustCompleted: false, outcome: .outputFull))
        #expect(pair.server.receive(ciphertext).plaintext == [1, 2, 3])
    }

    @Test
    func theFirstPlaintextMayComeWithTheEndOfTheHandshake() throws {
        let pair = try EnginePair(versions: .tls13 ... .tls13)
        try pair.client.startHandshake()
        _ = pair.server.receive(pair.client.takePendingOutput())
        _ = pair.client.receive(pair.server.takePendingOutput())
        let flight = pair.client.takePendingOutput() + (try pair.client.send([7, 8]))
        let received = pair.server.receive(flight)
        #expect(received == Received(plaintext: [7, 8], outcome: .needsBytes, isHandshakeNew: true))
    }

    @Test(arguments: TLSVersion.allCases)
    func closeNotifyEndsOneHalf(version: TLSVersion) throws {
        let pair = try EnginePair(versions: version...version)
        try pair.handshake()
        let last = try pair.client.send([1])
        pair.client.shutdown()
        let goodbye = pair.client.takePendingOutput()
        pair.client.shutdown()
        #expect(!pair.client.hasPendingOutput)
        #expect(pair.server.receive(last + goodbye) == Received(plaintext: [1], outcome: .closed))
        #expect(pair.server.inputEnded() == nil)
        #expect(throws: TLSError.notOpen) { _ = try pair.client.send([2]) }
        #expect(pair.client.receive(try pair.server.send([3])).plaintext == [3])
        pair.server.shutdown()
        #expect(pair.client.receive(pair.server.takePendingOutput()).outcome == .closed)
        #expect(pair.client.inputEnded() == nil)
        #expect(pair.client.isHandshakeComplete)
    }

    @Test
    func whatFollowsCloseNotifyIsDropped() throws {
        let pair = try EnginePair()
        try pair.handshake()
        pair.client.shutdown()
        let goodbye = pair.client.takePendingOutput()
        #expect(pair.server.receive(goodbye + [0xFF, 0xFF]).outcome == .closed)
        #expect(pair.server.receive([0xFF]) == Received(outcome: .closed))
        #expect(!pair.server.hasPendingOutput)
    }

    @Test
    func anEndWithoutCloseNotifyIsATruncation() throws {
        let pair = try EnginePair()
        try pair.handshake()
        let ciphertext = try pair.client.send(pattern(100))
        #expect(pair.server.receive(Array(ciphertext.dropLast())).plaintext.isEmpty)
        #expect(pair.server.inputEnded() == .truncated)
        #expect(pair.server.inputEnded() == nil)
        #expect(throws: TLSError.notOpen) { _ = try pair.server.send([1]) }
    }

    @Test
    func nothingIsSentBeforeTheHandshake() throws {
        let pair = try EnginePair()
        #expect(throws: TLSError.notOpen) { _ = try pair.server.send([1]) }
        pair.server.shutdown()
        #expect(!pair.server.hasPendingOutput)
    }

    @Test
    func aChangedRecordFailsWithAnAlert() throws {
        let pair = try EnginePair()
        try pair.handshake()
        var ciphertext = try pair.client.send(pattern(100))
        ciphertext[50] ^= 1
        let outcome = pair.server.receive(ciphertext).outcome
        guard case .failed(.record) = outcome else {
            Issue.record("unexpected \(outcome)")
            return
        }
        guard case .failed(.record(let error)) = pair.client.receive(pair.server.takePendingOutput()).outcome else {
            Issue.record("the client got no alert")
            return
        }
        // bad_record_mac (RFC 8446 §6.2).
        #expect(error.cause == .alertReceived(20))
        #expect(pair.server.receive(ciphertext).outcome == .closed)
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), [UInt8](repeating: 0, count: 64), pattern(1000),
        [0x16, 3, 1, 0, 4, 1, 0, 0, 0],
    ])
    func garbageFails(bytes: [UInt8]) throws {
        let server = try EnginePair().server
        let outcome = server.receive(bytes).outcome
        guard case .failed(.handshake) = outcome else {
            Issue.record("unexpected \(outcome)")
            return
        }
        #expect(!server.isHandshakeComplete)
        #expect(server.inputEnded() == nil)
    }

    @Test
    func aBrokenHelloGetsAnAlert() throws {
        let server = try EnginePair().server
        _ = server.receive([0x16, 3, 1, 0, 4, 1, 0, 0, 0])
        let alert = server.takePendingOutput()
        // An alert record of two bytes, fatal (RFC 8446 §6).
        #expect(alert.count == 7)
        #expect(alert.first == 21)
        #expect(alert.dropFirst(5).first == 2)
    }

    @Test
    func randomChangesNeverHang() throws {
        var seed: UInt64 = 1
        for _ in 0..<200 {
            let pair = try EnginePair()
            try pair.client.startHandshake()
            var hello = pair.client.takePendingOutput()
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            hello[Int(seed >> 33) % hello.count] = UInt8(truncatingIfNeeded: seed >> 20)
            _ = pair.server.receive(hello)
            _ = pair.client.receive(pair.server.takePendingOutput())
        }
    }

    @Test
    func noBytesAtAllAreNoTruncation() throws {
        let server = try EnginePair().server
        #expect(server.inputEnded() == nil)
    }
}
