import EdgeTestKit
import Testing

/// The program's own client.
@Suite
struct AgentTests {
    /// Runs `rvpn connect --once` to its end.
    private static func once(
        _ port: UInt16,
        secret: String = TestToken.secret,
        authority: String? = nil
    ) throws -> FinishedProcess {
        let folder = try TemporaryFolder()
        let words = try AgentProcess.words(
            port,
            ["http:app.example.test:9"],
            "tunnel.example.test",
            secret,
            folder,
            authority: authority
        )
        return try FinishedProcess(try ProductBinary.required(), words + ["--once"])
    }

    @Test
    func itComesBackAfterTheRelayRestarts() throws {
        var setup = RelaySetup()
        setup.listeners = ["\"127.0.0.1:\(try LoopbackListener.freePort())\""]
        let site = try Site(["app.example.test"], setup)
        #expect(try site.curl.get("http://app.example.test/5").body == Pattern.bytes(5))
        try site.relay.stop()
        let second = try RelayProcess(setup)
        try second.waitForLog("the tunnel") { $0.message == "tunnel connected" }
        #expect(try site.curl.get("http://app.example.test/5").body == Pattern.bytes(5))
        #expect(site.agent.process.record.current.status == nil)
        try site.agent.stop()
        try second.stop()
    }

    @Test
    func itWaitsForARelayThatIsNotThereYet() throws {
        var setup = RelaySetup()
        let port = try LoopbackListener.freePort()
        setup.listeners = ["\"127.0.0.1:\(port)\""]
        let folder = try TemporaryFolder()
        let words = try AgentProcess.words(
            port,
            ["http:app.example.test:9"],
            "tunnel.example.test",
            TestToken.secret,
            folder
        )
        let agent = try ChildProcess(try ProductBinary.required(), words)
        try agent.waitForErrorLine("that nobody answers") { $0.contains("\(port)") || $0.contains("retry") }
        let relay = try RelayProcess(setup)
        try relay.waitForLog("the tunnel") { $0.message == "tunnel connected" }
        agent.send(15)
        #expect(try agent.waitForEnd() == .exited(0))
    }

    @Test
    func aRelayOfAnotherAuthorityIsRefused() throws {
        let relay = try RelayProcess()
        let other = try TestCertificates()
        let agent = try Self.once(relay.port, authority: other.authority)
        #expect(agent.status == .exited(69), "\(agent.errors)")
        #expect(agent.errors.contains("certificate"), "\(agent.errors)")
        let log = relay.process.record.current.errorLines
        #expect(!log.contains { LogLine($0).message == "tunnel connected" })
        try relay.stop()
    }

    @Test
    func onceEndsWith69WhenNobodyAnswersAnd77WhenRefused() throws {
        let nobody = try Self.once(try LoopbackListener.freePort())
        #expect(nobody.status == .exited(69), "\(nobody.errors)")
        let relay = try RelayProcess()
        let refused = try Self.once(relay.port, secret: "another secret that nobody knows here")
        #expect(refused.status == .exited(77), "\(refused.errors)")
        #expect(!refused.errors.contains("another secret"))
        try relay.stop()
    }

    @Test
    func wrongWordsEndWith64AndAWrongFileWith78() throws {
        let words = try FinishedProcess(try ProductBinary.required(), ["connect", "--nonsense"])
        #expect(words.status == .exited(64), "\(words.errors)")
        let folder = try TemporaryFolder()
        let file = try folder.write("rvpn.yaml", "admin_host: a.example.test\ntunnel_hots: b.example.test\n")
        let wrong = try FinishedProcess(try ProductBinary.required(), ["serve", "--config", file])
        #expect(wrong.status == .exited(78), "\(wrong.errors)")
        #expect(wrong.errors.contains("rvpn.yaml:2"), "\(wrong.errors)")
        #expect(wrong.errors.contains("tunnel_host"), "\(wrong.errors)")
    }

    @Test
    func theSameClientTwiceTakesItsOwnPlace() throws {
        let relay = try RelayProcess()
        let token = TestToken.make("{\"domains\":[\"app.example.test\"],\"device\":{\"id\":\"d1\"}}")
        let ghost = try relay.client(.stunnel08, token: token)
        _ = try ghost.nextPacket()
        let newcomer = try relay.client(.stunnel08, token: token)
        #expect(newcomer.isUpgraded)
        #expect(try ghost.closeCode() == 1008)
        try relay.waitForReason("taken_over")
    }
}
