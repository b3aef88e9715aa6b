import EdgeTestKit
import Testing

/// The command's other ways to say the same.
@Suite
struct CommandTests {
    private static func run(_ words: [String], environment: [String: String] = [:]) throws -> FinishedProcess {
        try FinishedProcess(try ProductBinary.required(), words, environment: environment)
    }

    /// Starts a client with these words and waits for its tunnel.
    private static func connect(
        _ relay: RelayProcess,
        _ words: [String],
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let authority = try TestCertificates.ofThisProcess.get().authority
        let trust = ["--ca", authority, "--resolve", "tunnel.example.test:127.0.0.1"]
        let agent = try ChildProcess(
            try ProductBinary.required(),
            ["connect"] + words + trust,
            environment: environment
        )
        do {
            try relay.waitForLog("the tunnel") { $0.message == "tunnel connected" }
        } catch {
            throw agent.failure("did not connect")
        }
        return agent
    }

    @Test
    func theOldSpellingConnectsAndTheSecretInSightIsAWarning() throws {
        let origin = try OriginServer("old")
        let relay = try RelayProcess()
        let agent = try Self.connect(
            relay,
            ["--locals", "http:a.example.test:\(origin.port),http:b.example.test:\(origin.port)"]
                + ["--stunneld", "wss://tunnel.example.test:\(relay.port)", "--secret", TestToken.secret]
        )
        for name in ["a.example.test", "b.example.test"] {
            #expect(try Curl(port: relay.port).get("http://\(name)/").text == "old for \(name):\(relay.port)\n")
        }
        let errors = agent.record.current.errorLines
        #expect(errors.contains { $0.contains("warning") && $0.contains("--secret") }, "\(errors)")
        #expect(!errors.contains { $0.contains(TestToken.secret) })
        agent.send(15)
        #expect(try agent.waitForEnd() == .exited(0))
    }

    @Test(arguments: ["file", "environment"])
    func aMintedTokenConnects(place: String) throws {
        let origin = try OriginServer("minted")
        let relay = try RelayProcess()
        let minted = try Self.run(
            ["token", "create", "--domain", "app.example.test", "--expires", "1h"],
            environment: ["RVPN_SECRET": TestToken.secret]
        )
        #expect(minted.status == .exited(0), "\(minted.errors)")
        let token = minted.text.split(separator: "\n").joined()
        #expect(token.split(separator: ".").count == 3)
        let folder = try TemporaryFolder()
        let isFile = place == "file"
        let agent = try Self.connect(
            relay,
            ["--relay", "wss://tunnel.example.test:\(relay.port)", "--local", "http:app.example.test:\(origin.port)"]
                + (isFile ? ["--token-file", try folder.write("token", token)] : []),
            environment: isFile ? [:] : ["RVPN_TOKEN": token]
        )
        let answer = try Curl(port: relay.port).get("http://app.example.test/")
        #expect(answer.text.hasPrefix("minted for app.example.test"))
        agent.send(15)
        #expect(try agent.waitForEnd() == .exited(0))
    }

    @Test
    func aClientsFileIsReadToo() throws {
        let origin = try OriginServer("file")
        let relay = try RelayProcess()
        let folder = try TemporaryFolder()
        try folder.write("secret", TestToken.secret)
        let lines = [
            "relay: wss://tunnel.example.test:\(relay.port)", "secret: { file: secret }",
            "local: [\"http:app.example.test:\(origin.port)\"]",
        ]
        let file = try folder.write("agent.yaml", lines.joined(separator: "\n") + "\n")
        let agent = try Self.connect(relay, ["--config", file])
        let answer = try Curl(port: relay.port).get("http://app.example.test/")
        #expect(answer.text.hasPrefix("file for app.example.test"))
        agent.send(15)
        #expect(try agent.waitForEnd() == .exited(0))
    }

    @Test
    func checkNamesEveryProblemWithItsFile() throws {
        let folder = try TemporaryFolder()
        let good = try Self.run(["check", "--config", try RelaySetup().write(to: folder)])
        #expect(good.status == .exited(0), "\(good.text) \(good.errors)")
        try folder.write("certs/0.pem", "no certificate\n")
        let bad = try Self.run(["check", "--config", folder.path + "/rvpn.yaml"])
        #expect(bad.status == .exited(78), "\(bad.text) \(bad.errors)")
        #expect((bad.text + bad.errors).contains("certs/0.pem"))
    }

    @Test
    func theEnvironmentOverridesTheFile() throws {
        let folder = try TemporaryFolder()
        let file = try RelaySetup().write(to: folder)
        let process = try FinishedProcess(
            try ProductBinary.required(),
            ["serve", "--config", file],
            environment: ["RVPN_TIMEOUTS__SNIFF": "5 bananas"]
        )
        #expect(process.status == .exited(78))
        #expect(process.errors.contains("RVPN_TIMEOUTS__SNIFF"), "\(process.errors)")
    }
}
