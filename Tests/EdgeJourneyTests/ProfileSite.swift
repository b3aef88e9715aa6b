import EdgeTestKit

/// A relay, local services of each kind, and tunnel clients of any generation between them.
struct ProfileSite {
    let relay: RelayProcess
    let plain: OriginServer
    let secure: OriginServer

    /// Starts relay and services.
    ///
    /// - Parameters:
    ///   - names: the names that the secure service has a certificate for.
    ///   - adjust: changes what the relay's operator wrote.
    /// - Throws: ``JourneyFailure`` when one of them does not come up.
    init(_ names: [String], _ adjust: (inout RelaySetup) -> Void = { _ in }) throws {
        var setup = RelaySetup()
        setup.logLevel = "info"
        // Nothing may pass a gate by time alone, so that the judge can be strict.
        setup.timeouts["gate"] = "60s"
        adjust(&setup)
        self.relay = try RelayProcess(setup)
        self.plain = try OriginServer("plain")
        self.secure = try OriginServer("secure", secure: TestCertificates.ofThisProcess.get().pair(for: names))
    }

    /// Connects a client that leads to both services.
    func peer(
        _ generation: ClientGeneration,
        _ names: [String],
        instance: String? = nil,
        heedsPause: Bool? = nil
    ) throws -> ProfilePeer {
        try ProfilePeer(
            generation,
            self.relay,
            names,
            ports: ["http": self.plain.port, "https": self.secure.port],
            instance: instance,
            gate: .untilAnswered,
            heedsPause: heedsPause
        )
    }
}

/// What a visitor does, every byte compared.
struct ProfileVisitor {
    let relay: RelayProcess
    let name: String

    /// Dials the relay, with TLS to the service's own end where it is asked for.
    func dial(isSecure: Bool = false) throws -> any ByteConnection {
        let connection = try self.relay.dial()
        guard isSecure else { return connection }
        return try SecureConnection(dialling: connection, name: self.name, authority: nil)
    }

    /// Gets so many bytes of the pattern.
    func get(_ count: Int, isSecure: Bool = false) throws {
        let connection = try self.dial(isSecure: isSecure)
        defer { connection.close() }
        try connection.write("GET /\(count) HTTP/1.1\r\nHost: \(self.name)\r\n\r\n")
        try Self.expect(count, from: connection)
    }

    /// Sends so many bytes of the pattern and compares the digest that the service answers.
    func post(_ count: Int, isSecure: Bool = false) throws {
        let connection = try self.dial(isSecure: isSecure)
        defer { connection.close() }
        try connection.write(
            "POST /up HTTP/1.1\r\nHost: \(self.name)\r\nContent-Length: \(count)\r\nExpect: 100-continue\r\n\r\n"
        )
        guard try connection.readHead()?.hasPrefix("HTTP/1.1 100 ") == true else {
            throw JourneyFailure("no leave to go on")
        }
        let body = Pattern.bytes(count)
        try connection.write(body, by: Deadline(.seconds(120)))
        let answer = try HTTPAnswer(from: connection, by: Deadline(.seconds(120)))
        guard answer.text == Pattern.digest(body) else { throw JourneyFailure("other bytes arrived: \(answer.text)") }
    }

    /// Gets bytes at a trickle: between two sips a sibling's whole request is served.
    func trickle(_ count: Int, sip: Int) throws {
        let connection = try self.dial()
        defer { connection.close() }
        try connection.write("GET /\(count) HTTP/1.1\r\nHost: \(self.name)\r\n\r\n")
        guard try connection.readHead()?.hasPrefix("HTTP/1.1 200") == true else { throw JourneyFailure("no answer") }
        for start in stride(from: 0, to: count, by: sip) {
            let bytes = try connection.readExactly(min(sip, count - start), by: Deadline(.seconds(120)))
            guard bytes == Pattern.bytes(bytes.count, from: start) else { throw JourneyFailure("other bytes") }
            try self.get(1000)
        }
    }

    /// Asks, ends its half at once, and gets everything, then the end.
    func halfClose(_ count: Int) throws {
        let connection = try self.relay.dial()
        defer { connection.close() }
        try connection.write("GET /\(count) HTTP/1.1\r\nHost: \(self.name)\r\nConnection: close\r\n\r\n")
        connection.finishWriting()
        try Self.expect(count, from: connection)
        guard try connection.readToEnd().isEmpty else { throw JourneyFailure("bytes behind the answer") }
    }

    private static func expect(_ count: Int, from connection: any ByteConnection) throws {
        let answer = try HTTPAnswer(from: connection, by: Deadline(.seconds(120)))
        guard answer.head.status == 200, answer.body.count == count else {
            throw JourneyFailure("\(answer.head.startLine) with \(answer.body.count) of \(count) bytes")
        }
        guard Pattern.digest(answer.body) == Pattern.digest(Pattern.bytes(count)) else {
            throw JourneyFailure("other bytes than were sent")
        }
    }
}
