import EdgeTestKit
import Testing

/// The judge itself: each trap of the older clients, as the message that a relay must never send.
@Suite
struct ProfileJudgeTests {
    /// What a relay sends, in order, and what the judge must say to the last message.
    struct Trap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let shape: ScriptedClient.Shape
        let frames: [RawFrame]
        let verdict: String

        init(_ shape: ScriptedClient.Shape, _ verdict: String, _ headers: [String], greeted: Bool = true) {
            self.init(shape, verdict, frames: headers.map { Self.frame($0) }, greeted: greeted)
        }

        init(_ shape: ScriptedClient.Shape, _ verdict: String, frames: [RawFrame], greeted: Bool = true) {
            let isGo = shape == .telebitGo || shape == .goClient
            let hello = RawFrame(.binary, RawPacket(control: TunnelUpgradeTests.hello).bytes)
            self.frames = (greeted && !isGo ? [hello] : []) + frames
            (self.shape, self.verdict) = (shape, verdict)
            self.testDescription = "\(shape): \(verdict)"
        }

        /// A packet whose body has the length that its header says.
        static func frame(_ header: String) -> RawFrame {
            let length = Int(header.split(separator: ",", omittingEmptySubsequences: false)[3]) ?? 0
            return RawFrame(.binary, RawPacket(header: header, body: [UInt8](repeating: 0x20, count: length)).bytes)
        }
    }

    private static let five = "IPv4,192.0.2.7,4711,3,http"
    private static let seven = "IPv4,192.0.2.7,4711,3,http,443,app.test"
    private static let opening = "IPv4,192.0.2.7,4711,0,connection,443,app.test,http"

    static let traps = [
        Trap(.stunnel08, "7 fields", [Self.seven]),
        Trap(.telebit, "5 fields", [Self.five]),
        Trap(.telebitGo, "5 fields", [Self.five]),
        Trap(.goClient, "7 fields", [Self.seven]),
        Trap(.goClient, "control", [",,,9,control"]),
        Trap(.telebitGo, "control", [",,,9,control"]),
        Trap(.goClient, "pause", [Self.five, "IPv4,192.0.2.7,4711,1,pause"]),
        Trap(.telebitGo, "pause", [Self.seven, "IPv4,192.0.2.7,4711,1,pause,443,app.test"]),
        Trap(.stunnel08, "resume", [Self.five, "IPv4,192.0.2.7,4711,1,resume"]),
        Trap(.telebit, "connection", [Self.opening]),
        Trap(.stunnel10, "end with 0 bytes", [Self.five, "IPv4,192.0.2.7,4711,0,end"]),
        Trap(.telebitGo, "end with 1 bytes", [Self.seven, "IPv4,192.0.2.7,4711,1,end,443,app.test"]),
        Trap(.stunnel10, "a second packet before the gate", [Self.five, Self.five]),
        Trap(.telebit, "end before the gate", [Self.seven, "IPv4,192.0.2.7,4711,0,end,443,app.test"]),
        Trap(.telebit, "data without a byte", ["IPv4,192.0.2.7,4711,0,http,443,app.test"]),
        Trap(.telebit, "an unknown service", ["IPv4,192.0.2.7,4711,3,ssh,443,app.test"]),
        Trap(.goClient, "upper case", ["IPv4,192.0.2.7,4711,3,HTTP"]),
        Trap(.goClient, "a family", ["IPv6,::ffff:192.0.2.7,4711,3,http"]),
        Trap(.goClient, "end for a stream that is not open", ["IPv4,192.0.2.7,4711,0,end"]),
        Trap(.goClient, "data behind an end", [Self.five, "IPv4,192.0.2.7,4711,0,end", Self.five]),
        Trap(.agent, "data without connection", [Self.seven]),
        Trap(.agent, "connection for a stream that is open", [Self.opening, Self.seven, Self.opening]),
        Trap(.stunnel10, "a packet before hello", [Self.five], greeted: false),
        Trap(
            .stunnel10,
            "hello twice",
            frames: [RawFrame(.binary, RawPacket(control: TunnelUpgradeTests.hello).bytes)]
        ),
        Trap(.stunnel10, "a request", frames: [RawFrame(.binary, RawPacket(control: "[2,\"grant\",[]]").bytes)]),
        Trap(.goClient, "one byte", frames: [RawFrame(.binary, [0xFE])]),
        Trap(
            .goClient,
            "not one packet",
            frames: [RawFrame(.binary, RawPacket(header: Self.five, body: [1, 2]).bytes)]
        ),
        Trap(
            .telebitGo,
            "not one packet",
            frames: [RawFrame(.binary, Self.twice.bytes + Self.twice.bytes)]
        ),
        Trap(.goClient, "several frames", frames: [RawFrame(.binary, [0xFE, 5], isFinal: false)]),
        Trap(
            .goClient,
            "a text message",
            frames: [RawFrame(.text, RawPacket(header: Self.five, body: [1, 2, 3]).bytes)]
        ),
    ]

    private static let twice = RawPacket(header: Self.seven, body: [1, 2, 3])

    @Test(arguments: Self.traps)
    func aMessageThatAClientCannotBearIsNamed(trap: Trap) throws {
        var judge = ProfileJudge(trap.shape, gate: .untilAnswered)
        for frame in trap.frames.dropLast() { try judge.received(frame) }
        let last = try #require(trap.frames.last)
        let failure = #expect(throws: JourneyFailure.self) { try judge.received(last) }
        #expect(failure?.description.contains(trap.verdict) == true, "\(failure?.description ?? "")")
    }

    @Test
    func anAnswerOpensTheGateHoweverItsMessageIsCut() throws {
        var judge = ProfileJudge(.stunnel10, gate: .untilAnswered)
        try judge.received(RawFrame(.binary, RawPacket(control: TunnelUpgradeTests.hello).bytes))
        try judge.received(Trap.frame(Self.five))
        for byte in RawPacket(header: "IPv4,192.0.2.7,4711,2,http", body: [1, 2]).bytes {
            judge.sent(RawFrame(.binary, [byte]))
        }
        try judge.received(Trap.frame(Self.five))
        #expect(throws: JourneyFailure.self) { try judge.received(Trap.frame("IPv4,192.0.2.7,4711,1,pause")) }
        judge.sent(RawFrame(.binary, RawPacket(control: "[-1,null]").bytes))
        let pause = RawPacket(header: "IPv4,192.0.2.7,4711,1,pause", body: [0x35])
        try judge.received(RawFrame(.binary, pause.bytes))
        try judge.received(Trap.frame("IPv4,192.0.2.7,4711,1,end"))
    }
}
