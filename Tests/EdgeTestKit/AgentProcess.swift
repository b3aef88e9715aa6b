import Glibc

/// A tunnel client of the real program.
package final class AgentProcess: Sendable {
    /// The process.
    package let process: ChildProcess
    /// The URLs that it printed, each alone on its line, and the commands that reach its SSH services.
    package let urls: [String]
    private let folder: TemporaryFolder

    /// Starts a client and waits until it says where its services are.
    ///
    /// - Parameters:
    ///   - relay: the relay's port on this machine.
    ///   - locals: the values of `--local`.
    ///   - host: the tunnel host.
    ///   - secret: what it mints its token with.
    ///   - more: further words.
    /// - Throws: ``JourneyFailure`` when it does not connect.
    package convenience init(
        relay: UInt16,
        _ locals: [String],
        host: String = "tunnel.example.test",
        secret: String = TestToken.secret,
        more: [String] = []
    ) throws {
        let folder = try TemporaryFolder()
        let words = try Self.words(relay, locals, host, secret, folder) + more
        let process = try ChildProcess(try ProductBinary.required(), words)
        let urls: [String]? = process.record.wait { record in
            let urls = record.outputLines.filter { $0.contains("://") || $0.hasPrefix("ssh ") }
            if urls.count >= locals.count { return urls }
            return record.status == nil ? nil : []
        }
        guard let urls, urls.count >= locals.count else { throw process.failure("did not print \(locals.count) URLs") }
        self.init(process, urls, folder)
    }

    private init(_ process: ChildProcess, _ urls: [String], _ folder: TemporaryFolder) {
        (self.process, self.urls, self.folder) = (process, urls, folder)
    }

    /// The words of `rvpn connect` for a relay on this machine; the secret lies in a file.
    ///
    /// - Parameters:
    ///   - relay: the relay's port.
    ///   - locals: the values of `--local`.
    ///   - host: the tunnel host.
    ///   - secret: what it mints its token with.
    ///   - folder: where the secret goes.
    ///   - authority: the file it trusts; the tests' authority when nil.
    /// - Returns: the words after the program's name.
    /// - Throws: ``JourneyFailure`` when the secret cannot be written.
    package static func words(
        _ relay: UInt16,
        _ locals: [String],
        _ host: String,
        _ secret: String,
        _ folder: TemporaryFolder,
        authority: String? = nil
    ) throws -> [String] {
        let trusted = try authority ?? TestCertificates.ofThisProcess.get().authority
        return ["connect", "--relay", "wss://\(host):\(relay)", "--resolve", "\(host):127.0.0.1", "--ca", trusted]
            + ["--secret-file", try folder.write("secret", secret)] + locals.flatMap { ["--local", $0] }
    }

    /// Stops it and waits for its end.
    ///
    /// - Throws: ``JourneyFailure`` when it does not end, or not with 0.
    package func stop() throws {
        self.process.send(SIGTERM)
        let status = try self.process.waitForEnd()
        guard status == .exited(0) else { throw self.process.failure("was stopped and ended with \(status)") }
    }
}
