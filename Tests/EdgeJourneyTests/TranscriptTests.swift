import EdgeTestKit
import Testing

/// Recordings of real clients, replayed against a running relay where they lie beside the package.
@Suite(.enabled(if: ProductBinary.transcripts != nil, "no recordings beside the package"))
struct TranscriptTests {
    private static let recordings = Transcript.names(beginningWith: "")

    /// A relay for the names, the secret and the ports of a recording.
    private static func relay(for transcript: Transcript) throws -> RelayProcess {
        var setup = RelaySetup()
        setup.tunnelHost = "localhost"
        setup.certificates = [(["admin.example.test", "localhost"], .ecdsa)]
        setup.secrets = ["abc123"]
        // Their visitors leave at once.
        setup.timeouts = ["grace": "100ms"]
        if transcript.request != nil {
            // Recorded tokens name port 5050, which each relay can lend on an address of its own.
            let address = "127.77.\(UInt8.random(in: 0...255)).\(UInt8.random(in: 1...254))"
            setup.more = ["ports: { address: \(address) }"]
        }
        return try RelayProcess(setup)
    }

    @Test(arguments: Self.recordings)
    func anOldClientGoesOnAsItDid(recording: String) throws {
        let expected = try #require(TranscriptDifference.expected(in: recording), "a recording that is not known here")
        let transcript = try Transcript(recording)
        let relay = try Self.relay(for: transcript)
        let replay = try TranscriptReplay(transcript, on: relay)
        let (more, fewer) = (replay.differences.subtracting(expected), expected.subtracting(replay.differences))
        #expect(more.isEmpty, "\(more.map(\.paragraph))")
        #expect(fewer.isEmpty, "\(fewer.map(\.paragraph))")
        if recording.contains("bad-token") { try relay.waitForReason("bad_token") }
        try relay.stop()
    }

    @Test
    func everyRecordingIsKnownAndEveryDifferenceHasItsParagraph() {
        #expect(Self.recordings == TranscriptDifference.recordings)
        let seen = TranscriptDifference.recordings.compactMap { TranscriptDifference.expected(in: $0) }
        #expect(seen.reduce([]) { $0.union($1) } == Set(TranscriptDifference.allCases))
        for difference in TranscriptDifference.allCases { #expect(difference.paragraph.hasPrefix("§")) }
    }

    /// Nothing is lost between a recording's frames and the packets that are played, but where it has a gap.
    @Test(arguments: Self.recordings)
    func everyRecordedByteIsPartOfAPacket(recording: String) throws {
        let transcript = try Transcript(recording)
        let bytes = transcript.firstEvents.filter { ["binary", "cont"].contains($0.opcode) }.map(\.length).reduce(0, +)
        let frames = transcript.steps.flatMap { step -> [Transcript.Frame] in
            guard case .packet(let packet) = step else { return [] }
            return packet.frames
        }
        let played = frames.map(\.length).reduce(0, +)
        #expect(played == bytes || transcript.firstEvents.contains(where: \.isGap) && played > 0)
    }
}
