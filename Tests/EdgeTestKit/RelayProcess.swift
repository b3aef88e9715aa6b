import Glibc

/// A relay of the real program, on free ports of this machine.
package final class RelayProcess: Sendable {
    /// The process.
    package let process: ChildProcess
    /// Where its configuration lies.
    package let folder: TemporaryFolder
    /// The bound ports, in the order of the configuration.
    package let ports: [UInt16]

    /// Starts a relay and waits until it listens.
    ///
    /// - Parameters:
    ///   - setup: what its operator wrote.
    ///   - folder: where the configuration goes; a new one when nil.
    ///   - wrapper: what to start instead of the program, which then comes with its words behind.
    /// - Throws: ``JourneyFailure`` when it does not come up.
    package init(
        _ setup: RelaySetup = RelaySetup(),
        in folder: TemporaryFolder? = nil,
        wrappedIn wrapper: [String] = []
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let words = wrapper + [try ProductBinary.required(), "serve", "--config", try setup.write(to: folder)]
        let process = try ChildProcess(words[0], Array(words.dropFirst()))
        self.process = process
        let count = setup.listeners.count
        let ports: [UInt16]? = process.record.wait { record in
            let ports = record.errorLines.map { LogLine($0) }.filter { $0.message == "listening" }
                .compactMap { $0["listener"]?.split(separator: ":").last.flatMap { UInt16($0) } }
            if ports.count >= count { return ports }
            return record.status == nil ? nil : []
        }
        guard let ports, ports.count >= count else { throw process.failure("did not listen on \(count) ports") }
        self.ports = ports
    }

    /// The first listener's port.
    package var port: UInt16 { self.ports[0] }

    /// How many lines it has logged: where a later wait begins.
    package var logLength: Int { self.process.record.current.errorLines.count }

    /// Waits for a line of its log.
    ///
    /// - Parameters:
    ///   - what: the line in words, for the failure.
    ///   - first: the number of the first line that counts.
    ///   - isWanted: whether a line is the one.
    /// - Returns: the line.
    /// - Throws: ``JourneyFailure`` when it does not come.
    @discardableResult
    package func waitForLog(_ what: String, from first: Int = 0, where isWanted: (LogLine) -> Bool) throws -> LogLine {
        LogLine(try self.process.waitForErrorLine(what, from: first) { isWanted(LogLine($0)) })
    }

    /// Waits for a refusal or an end with this reason.
    ///
    /// - Parameters:
    ///   - reason: the token.
    ///   - first: the number of the first line that counts.
    /// - Returns: the line.
    /// - Throws: ``JourneyFailure`` when it does not come.
    @discardableResult
    package func waitForReason(_ reason: String, from first: Int = 0) throws -> LogLine {
        try self.waitForLog("reason=\(reason)", from: first) { $0["reason"] == reason }
    }

    /// Dials it.
    ///
    /// - Parameter listener: which of its listeners.
    /// - Returns: the connection.
    /// - Throws: ``JourneyFailure`` when nobody listens.
    package func dial(_ listener: Int = 0) throws -> PlainConnection { try PlainConnection(port: self.ports[listener]) }

    /// Connects a scripted client without TLS, as `insecure_tunnel` allows.
    ///
    /// - Parameters:
    ///   - shape: whose request to send.
    ///   - token: its token.
    ///   - host: the tunnel host.
    ///   - instance: our own client's `RVPN-Instance`.
    ///   - gate: how the gate is judged.
    /// - Returns: the client, upgraded or refused.
    /// - Throws: ``JourneyFailure`` when no answer comes.
    package func client(
        _ shape: ScriptedClient.Shape,
        token: String = "",
        host: String = "tunnel.example.test",
        instance: String? = nil,
        gate: ProfileJudge.Gate = .timed
    ) throws -> ScriptedClient {
        let host = "\(host):\(self.port)"
        return try ScriptedClient(self.dial(), shape, host: host, token: token, instance: instance, gate: gate)
    }

    /// Asks it to read its configuration again.
    package func reload() { self.process.send(SIGHUP) }

    /// Stops it as a service manager does, and waits for its end.
    ///
    /// - Throws: ``JourneyFailure`` when it does not end, or not with 0.
    package func stop() throws {
        self.process.send(SIGTERM)
        let status = try self.process.waitForEnd()
        guard status == .exited(0) else { throw self.process.failure("was stopped and ended with \(status)") }
    }
}
