import EdgeOpenSSL
import EdgeTLS
import EdgeTypes
import Foundation
import Testing

/// Two engines whose handshake is done, with a certificate that the `openssl` command made.
enum TestEngines {
    private static let pair: (chain: [UInt8], key: [UInt8]) = {
        let folder = NSTemporaryDirectory() + "/edge-carrier-tests-" + UUID().uuidString
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

    /// Makes two engines and shakes hands.
    static func make() throws -> (relay: TLSEngine, agent: TLSEngine) {
        let keys = KeyPair(chainPEM: self.pair.chain, keyPEM: self.pair.key)
        let server = try TLSContext(serving: [keys], applicationProtocols: ["http/1.1"], ticketKey: nil)
        let client = try TLSContext(
            trusting: .pem(keys.chainPEM),
            applicationProtocols: ["http/1.1"],
            versions: .tls12 ... .tls13
        )
        let relay = try TLSEngine(accepting: server)
        let agent = try TLSEngine(connecting: client, serverName: #require(Hostname("localhost")))
        try agent.startHandshake()
        while agent.hasPendingOutput || relay.hasPendingOutput {
            self.feed(agent.takePendingOutput(), to: relay)
            self.feed(relay.takePendingOutput(), to: agent)
        }
        try #require(agent.isHandshakeComplete && relay.isHandshakeComplete)
        return (relay, agent)
    }

    private static func feed(_ bytes: [UInt8], to engine: TLSEngine) {
        guard !bytes.isEmpty else { return }
        _ = [UInt8](unsafeUninitializedCapacity: 65_536) { memory, count in
            let raw = UnsafeMutableRawBufferPointer(memory)
            var span = OutputRawSpan(buffer: raw, initializedCount: 0)
            _ = engine.receive(bytes.span.bytes, into: &span)
            count = span.finalize(for: raw)
        }
    }
}
