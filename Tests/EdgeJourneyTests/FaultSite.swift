import EdgeTestKit

/// A relay with a tunnel that serves one name in each way that a visitor can come by.
struct FaultSite {
    /// How a visitor comes by.
    enum Way: String, CaseIterable {
        /// In the clear.
        case plain = "plain.example.test"
        /// TLS that goes down the tunnel untouched.
        case passedThrough = "passed.example.test"
        /// TLS that ends at the relay.
        case endedHere = "ended.example.test"
    }

    let relay: RelayProcess
    let plain: OriginServer
    private let secure: OriginServer
    private let agent: AgentProcess

    /// Starts all of it.
    ///
    /// - Parameters:
    ///   - timeouts: what differs from the defaults.
    ///   - limits: the same.
    ///   - wrapper: what to start instead of the relay, which then comes with its words behind.
    /// - Throws: ``JourneyFailure`` when something does not come up.
    init(timeouts: [String: String] = [:], limits: [String: String] = [:], wrappedIn wrapper: [String] = []) throws {
        var setup = RelaySetup()
        setup.certificates.append(([Way.endedHere.rawValue], .ecdsa))
        setup.routes = ["{ host: \(Way.endedHere.rawValue), tls: terminate }"]
        setup.timeouts = ["quarantine": "0s"].merging(timeouts) { $1 }
        setup.limits = limits
        let pair = try TestCertificates.ofThisProcess.get().pair(for: [Way.passedThrough.rawValue])
        self.plain = try OriginServer("plain")
        self.secure = try OriginServer("secure", secure: pair)
        self.relay = try RelayProcess(setup, wrappedIn: wrapper)
        self.agent = try AgentProcess(
            relay: self.relay.port,
            [
                "http:\(Way.plain.rawValue):\(self.plain.port)", "http:\(Way.endedHere.rawValue):\(self.plain.port)",
                "https:\(Way.passedThrough.rawValue):\(self.secure.port)",
            ]
        )
    }

    /// Gets some bytes by each way: everything is as it was.
    func serves() throws {
        for way in Way.allCases {
            let connection = try self.relay.dial()
            defer { connection.close() }
            try Self.get(1000, way, over: Self.open(connection, way))
        }
    }

    /// What bytes of requests travel on.
    static func open(_ connection: PlainConnection, _ way: Way) throws -> any ByteConnection {
        guard way != .plain else { return connection }
        return try SecureConnection(dialling: connection, name: way.rawValue, authority: nil)
    }

    /// Gets so many bytes on a connection that is kept.
    static func get(_ count: Int, _ way: Way, over connection: any ByteConnection) throws {
        try connection.write("GET /\(count) HTTP/1.1\r\nHost: \(way.rawValue)\r\n\r\n")
        let answer = try HTTPAnswer(from: connection)
        guard answer.head.status == 200, answer.body == Pattern.bytes(count) else {
            throw JourneyFailure("\(way.rawValue): \(answer.head.startLine) with \(answer.body.count) bytes")
        }
    }

    /// Waits until nothing is left but the tunnel.
    @discardableResult
    func settle(_ descriptors: Int = .max) throws -> RelayTables {
        try RelayTables.wait(for: self.relay, "let go of everybody but its tunnel") {
            $0.profiles == ["own"] && $0.streams == 0 && $0.connections.count == 1 && $0.descriptors <= descriptors
        }
    }

    /// Stops client and relay; each must end with 0.
    func stop() throws {
        try self.agent.stop()
        try self.relay.stop()
    }
}
