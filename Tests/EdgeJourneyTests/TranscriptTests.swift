import EdgeTestKit
import Testing

/// Recordings of real clients, replayed against a running relay where they lie beside the package.
@Suite(.enabled(if: ProductBinary.transcripts != nil, "no recordings beside the package"))
struct TranscriptTests {
    private static func relay() throws -> RelayProcess {
        var setup = RelaySetup()
        setup.tunnelHost = "localhost"
        setup.certificates = [(["admin.example.test", "localhost"], .ecdsa)]
        setup.secrets = ["abc123"]
        return try RelayProcess(setup)
    }

    private static let recordings = Transcript.names(beginningWith: "stunnel-0.")

    @Test(arguments: Self.recordings.filter { !$0.contains("bad-token") && !$0.contains("sigint") })
    func anOldClientGoesOnAsItDid(recording: String) throws {
        let relay = try Self.relay()
        let replay = try TranscriptReplay(try Transcript(recording), on: relay)
        #expect(replay.exchanged > 0)
        try relay.stop()
    }

    @Test(arguments: Self.recordings.filter { $0.contains("bad-token") })
    func anOldClientWithABadTokenIsToldBeforeTheUpgrade(recording: String) throws {
        let relay = try Self.relay()
        let request = try #require(try Transcript(recording).events.first { $0.name == "http-request" }?.text)
        let client = try ScriptedClient(relay.dial(), request: request)
        #expect(client.answer.head.status == 401)
        try relay.waitForReason("bad_token")
        try relay.stop()
    }
}
