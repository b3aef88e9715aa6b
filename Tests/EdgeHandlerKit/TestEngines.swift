import EdgeOpenSSL
package import EdgeTLS
import EdgeTypes
import Foundation

/// Two engines, with a certificate that the `openssl` command made.
package enum TestEngines {
    /// Why there are no engines.
    package enum Failure: Error {
        /// The name that the client asks for is none.
        case noName
        /// The handshake did not come to its end.
        case noHandshake
    }

    private static let pair: (chain: [UInt8], key: [UInt8]) = {
        let folder = NSTemporaryDirectory() + "/edge-handler-tests-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=test"]
            + ["-keyout", "\(folder)/key", "-out", "\(folder)/chain"]
            + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-addext", "subjectAltName=DNS:localhost"]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
        let read = { (name: String) in FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init) ?? [] }
        return (read("chain"), read("key"))
    }()

    /// Makes two engines that have said nothing.
    ///
    /// - Returns: the engines.
    /// - Throws: where they cannot be made.
    package static func fresh() throws -> (server: TLSEngine, client: TLSEngine) {
        let keys = KeyPair(chainPEM: self.pair.chain, keyPEM: self.pair.key)
        let server = try TLSContext(serving: [keys], applicationProtocols: ["http/1.1"], ticketKey: nil)
        let client = try TLSContext(
            trusting: .pem(keys.chainPEM),
            applicationProtocols: ["http/1.1"],
            versions: .tls12 ... .tls13
        )
        guard let name = Hostname("localhost") else { throw Failure.noName }
        return (try TLSEngine(accepting: server), try TLSEngine(connecting: client, serverName: name))
    }

    /// Makes two engines whose handshake is done.
    ///
    /// - Returns: the engines.
    /// - Throws: where they cannot be made.
    package static func open() throws -> (server: TLSEngine, client: TLSEngine) {
        let (server, client) = try self.fresh()
        try client.startHandshake()
        while client.hasPendingOutput || server.hasPendingOutput {
            _ = server.opened(client.takePendingOutput())
            _ = client.opened(server.takePendingOutput())
        }
        guard client.isHandshakeComplete, server.isHandshakeComplete else { throw Failure.noHandshake }
        return (server, client)
    }
}

extension TLSEngine {
    /// Decrypts.
    ///
    /// - Parameter ciphertext: what the other engine sent.
    /// - Returns: what it said, and what became of it.
    package func opened(_ ciphertext: [UInt8]) -> (plaintext: [UInt8], outcome: TLSReceipt.Outcome) {
        var plaintext: [UInt8] = []
        var outcome = TLSReceipt.Outcome.needsBytes
        var consumed = 0
        repeat {
            plaintext += [UInt8](unsafeUninitializedCapacity: 65_536) { memory, count in
                let raw = UnsafeMutableRawBufferPointer(memory)
                var span = OutputRawSpan(buffer: raw, initializedCount: 0)
                let receipt = self.receive(ciphertext.span.bytes.extracting(droppingFirst: consumed), into: &span)
                consumed += receipt.consumed
                outcome = receipt.outcome
                count = span.finalize(for: raw)
            }
        } while outcome == .outputFull
        return (plaintext, outcome)
    }

    /// Encrypts.
    ///
    /// - Parameter plaintext: what to say.
    /// - Returns: what is to be sent.
    /// - Throws: where the engine does not take it.
    package func sealed(_ plaintext: [UInt8]) throws -> [UInt8] {
        let capacity = TLSEngine.ciphertextBound(forPlaintext: plaintext.count)
        var failure: TLSError?
        let ciphertext = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            let raw = UnsafeMutableRawBufferPointer(memory)
            var span = OutputRawSpan(buffer: raw, initializedCount: 0)
            do throws(TLSError) {
                try self.send(plaintext.span.bytes, into: &span)
            } catch {
                failure = error
            }
            count = span.finalize(for: raw)
        }
        if let failure { throw failure }
        return self.takePendingOutput() + ciphertext
    }
}
