import EdgeOpenSSL
import EdgeTLS
import Foundation
import Testing

/// `openssl s_client` on the other side of a socket file, with an engine behind it.
private struct ForeignClient {
    /// What the client printed.
    let output: String
    /// What reached the engine as plaintext.
    let plaintext: [UInt8]
    /// The last thing that the engine said of the client's bytes.
    let outcome: TLSReceipt.Outcome
    let summary: TLSHandshakeSummary?

    /// Runs the client, which types a line after the handshake and after each answer.
    init(_ arguments: [String], typing lines: [String]) throws {
        let path = NSTemporaryDirectory() + "/edge-tls-\(UUID().uuidString.prefix(8)).socket"
        defer { unlink(path) }
        let listener = try Self.listen(path)
        defer { close(listener) }
        let client = Process()
        let (input, output) = (Pipe(), Pipe())
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        client.arguments = ["openssl", "s_client", "-unix", path, "-servername", "localhost"] + arguments
        client.standardInput = input
        client.standardOutput = output
        client.standardError = output
        try client.run()
        let connection = accept(listener, nil, nil)
        Self.limitWaiting(connection)
        defer { close(connection) }
        let context = try TLSContext(
            serving: [TestCertificates.ecdsa, TestCertificates.rsa],
            applicationProtocols: ["http/1.1"],
            ticketKey: nil
        )
        let engine = try TLSEngine(accepting: context)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var plaintext: [UInt8] = []
        var outcome = TLSReceipt.Outcome.needsBytes
        var untyped = lines[...]
        while case let count = read(connection, &buffer, buffer.count), count > 0 {
            let received = engine.receive(Array(buffer.prefix(count)))
            plaintext += received.plaintext
            outcome = received.outcome
            if engine.hasPendingOutput { Self.send(engine.takePendingOutput(), to: connection) }
            guard outcome == .needsBytes else { break }
            // A command is one only at the beginning of what the client reads, so lines come one by one.
            if engine.isHandshakeComplete, let line = untyped.popFirst() {
                try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
            }
        }
        engine.shutdown()
        Self.send(engine.takePendingOutput(), to: connection)
        shutdown(connection, Int32(SHUT_RDWR))
        try input.fileHandleForWriting.close()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        client.waitUntilExit()
        self.output = String(decoding: printed, as: UTF8.self)
        self.plaintext = plaintext
        self.outcome = outcome
        self.summary = engine.summary
    }

    private static func listen(_ path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 }
        }
        try #require(isBound && Glibc.listen(listener, 1) == 0)
        self.limitWaiting(listener)
        return listener
    }

    /// A client that says nothing for ten seconds failed, and must not hang the tests.
    private static func limitWaiting(_ descriptor: Int32) {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) {
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

@Suite(.serialized)
struct ForeignClientTests {
    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func anotherProgramIsUnderstood(version: String) throws {
        let client = try ForeignClient([version, "-alpn", "h2,http/1.1"], typing: ["hello\n", "Q\n"])
        #expect(client.plaintext == Array("hello\n".utf8))
        #expect(client.outcome == .closed)
        #expect(client.summary?.applicationProtocol == "http/1.1")
        #expect(client.output.contains("ALPN protocol: http/1.1"))
    }

    @Test
    func renegotiationIsRefused() throws {
        let client = try ForeignClient(["-tls1_2"], typing: ["R\n"])
        #expect(client.summary?.version == .tls12)
        #expect(client.output.contains("no renegotiation"), "\(client.output.suffix(400))")
        #expect(client.plaintext.isEmpty)
    }

    @Test(arguments: ["-tls1", "-tls1_1"])
    func anOlderVersionIsRefused(version: String) throws {
        let client = try ForeignClient([version, "-cipher", "ALL:@SECLEVEL=0"], typing: [])
        #expect(client.summary == nil)
        guard case .failed(.handshake) = client.outcome else {
            Issue.record("unexpected \(client.outcome)")
            return
        }
    }

    @Test
    func anRSAClientGetsTheRSACertificate() throws {
        let client = try ForeignClient(["-tls1_3", "-sigalgs", "RSA-PSS+SHA256"], typing: ["Q\n"])
        #expect(client.output.contains("Peer signature type: RSA-PSS"))
    }

    @Test
    func aKeyUpdateIsUnderstood() throws {
        let client = try ForeignClient(["-tls1_3"], typing: ["K\n", "after\n", "Q\n"])
        #expect(client.plaintext == Array("after\n".utf8))
        #expect(client.outcome == .closed)
    }
}
