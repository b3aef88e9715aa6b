import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import Testing

/// What an engine made of bytes.
struct Received: Equatable {
    var plaintext: [UInt8] = []
    var outcome = TLSReceipt.Outcome.needsBytes
    var isHandshakeNew = false
}

extension TLSEngine {
    /// Feeds bytes in pieces, with so much room for plaintext in each call.
    func receive(_ ciphertext: [UInt8], pieces: Int = .max, room: Int = 65_536) -> Received {
        var received = Received()
        var rest = ciphertext[...]
        repeat {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            var consumed = 0
            repeat {
                let plaintext = [UInt8](unsafeUninitializedCapacity: room) { memory, count in
                    var span = OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(memory), initializedCount: 0)
                    let receipt = self.receive(piece.span.bytes.extracting(droppingFirst: consumed), into: &span)
                    consumed += receipt.consumed
                    received.isHandshakeNew = received.isHandshakeNew || receipt.handshakeJustCompleted
                    received.outcome = receipt.outcome
                    count = span.finalize(for: UnsafeMutableRawBufferPointer(memory))
                }
                received.plaintext += plaintext
            } while received.outcome == .outputFull
        } while !rest.isEmpty
        return received
    }

    /// Encrypts into so much capacity, by default as much as is needed.
    func send(_ plaintext: [UInt8], capacity: Int? = nil) throws(TLSError) -> [UInt8] {
        let capacity = capacity ?? TLSEngine.ciphertextBound(forPlaintext: plaintext.count)
        var failure: TLSError?
        let ciphertext = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            var span = OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(memory), initializedCount: 0)
            do throws(TLSError) {
                try self.send(plaintext.span.bytes, into: &span)
            } catch {
                failure = error
            }
            count = span.finalize(for: UnsafeMutableRawBufferPointer(memory))
        }
        if let failure { throw failure }
        return ciphertext
    }
}

/// Two engines back to back.
struct EnginePair {
    let client: TLSEngine
    let server: TLSEngine

    /// Creates a pair that has said nothing.
    init(
        server: TLSContext,
        client: TLSContext,
        name: String = "localhost",
        resuming session: TLSSession? = nil
    ) throws {
        self.server = try TLSEngine(accepting: server)
        let hostname = try #require(Hostname(name))
        self.client = try TLSEngine(connecting: client, serverName: hostname, resuming: session)
    }

    /// Creates a pair over a pair of keys, of a client that trusts it.
    init(
        _ pair: KeyPair = TestCertificates.ecdsa,
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        name: String = "localhost"
    ) throws {
        try self.init(
            server: TLSContext(serving: [pair], applicationProtocols: ["http/1.1"], ticketKey: nil),
            client: TLSContext(
                trusting: .pem(pair.chainPEM),
                applicationProtocols: ["http/1.1"],
                versions: versions
            ),
            name: name
        )
    }

    /// Shakes hands; the last outcome of each side.
    @discardableResult
    func handshake(pieces: Int = .max) throws -> (client: TLSReceipt.Outcome, server: TLSReceipt.Outcome) {
        try self.client.startHandshake()
        var outcomes = (client: TLSReceipt.Outcome.needsBytes, server: TLSReceipt.Outcome.needsBytes)
        while self.client.hasPendingOutput || self.server.hasPendingOutput {
            let toServer = self.client.takePendingOutput()
            if !toServer.isEmpty { outcomes.server = self.server.receive(toServer, pieces: pieces).outcome }
            let toClient = self.server.takePendingOutput()
            if !toClient.isEmpty { outcomes.client = self.client.receive(toClient, pieces: pieces).outcome }
        }
        return outcomes
    }
}

/// Bytes that differ from their neighbours.
func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}
