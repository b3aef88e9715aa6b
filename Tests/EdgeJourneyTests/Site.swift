import EdgeTestKit

/// A relay, a client and a service behind it: what most journeys begin with.
struct Site {
    let relay: RelayProcess
    let agent: AgentProcess
    let origin: OriginServer
    let curl: Curl

    /// Starts the three.
    ///
    /// - Parameters:
    ///   - names: the names that lead to the service, with the service word in front where it is not `http`.
    ///   - setup: what the relay's operator wrote.
    ///   - origin: the service; a plain one when nil.
    /// - Throws: ``JourneyFailure`` when one of them does not come up.
    init(_ names: [String], _ setup: RelaySetup = RelaySetup(), origin: OriginServer? = nil) throws {
        let origin = try origin ?? OriginServer()
        let relay = try RelayProcess(setup)
        self.origin = origin
        self.relay = relay
        self.agent = try AgentProcess(
            relay: relay.port,
            names.map { name in
                (name.contains(":") ? name : "http:" + name) + ":\(origin.port)"
            }
        )
        self.curl = Curl(port: relay.port)
    }

    /// Stops both processes; each must end with 0.
    func stop() throws {
        try self.agent.stop()
        try self.relay.stop()
    }
}
