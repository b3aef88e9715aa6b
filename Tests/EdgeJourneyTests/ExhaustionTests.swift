import EdgeTestKit
import Testing

/// What the relay does when something has run out: what is there goes on, what is new waits or is told so.
@Suite
struct ExhaustionTests {
    /// The relay may open so many descriptors; a tunnel and the relay's own take some thirty.
    private static let descriptors = ["sh", "-c", "ulimit -n 64 && exec \"$0\" \"$@\""]

    private static func count(_ message: String, _ relay: RelayProcess) -> Int {
        relay.process.record.current.errorLines.count { LogLine($0).message == message }
    }

    @Test
    func withoutDescriptorsAcceptingPausesIsSaidOnceAndGoesOn() throws {
        let site = try FaultSite(timeouts: ["sniff": "1h", "idle": "1h"], wrappedIn: Self.descriptors)
        let relay = site.relay
        let kept = try FaultSite.Way.allCases.map { way in
            (way, try FaultSite.open(try relay.dial(), way))
        }
        for (way, visitor) in kept { try FaultSite.get(1000, way, over: visitor) }
        for round in 1...2 {
            let first = relay.logLength
            // Each says something, without which the kernel does not hand it over.
            let crowd = try (0..<100).map { _ in
                let visitor = try relay.dial()
                try visitor.write("GET ")
                return visitor
            }
            try relay.waitForLog("that it pauses", from: first) { $0.message == "accepting paused" }
            for (way, visitor) in kept { try FaultSite.get(300_000, way, over: visitor) }
            // It waits in the kernel until a descriptor is there.
            let late = try relay.dial()
            try late.write("GET /1000 HTTP/1.1\r\nHost: \(FaultSite.Way.plain.rawValue)\r\n\r\n")
            for (way, visitor) in kept { try FaultSite.get(1000, way, over: visitor) }
            for visitor in crowd { visitor.close() }
            #expect(try HTTPAnswer(from: late).body == Pattern.bytes(1000))
            late.close()
            try relay.waitForLog("that it goes on", from: first) { $0.message == "accepting again" }
            #expect(Self.count("accepting paused", relay) == round, "once, however often accepting was tried")
            #expect(Self.count("accepting again", relay) == round)
        }
        try site.serves()
        #expect(Self.count("tunnel connected", relay) == 1)
        try site.stop()
    }

    @Test
    func atTheLimitOfConnectionsNewOnesAreRefusedAndOldOnesGoOn() throws {
        // The tunnel is one of them, and a refusal that is still being read is one too.
        let site = try FaultSite(limits: ["connections": "8"])
        let relay = site.relay
        var kept: [any ByteConnection] = []
        while kept.count < 7 {
            let visitor = try FaultSite.open(try relay.dial(), .plain)
            try FaultSite.get(1000, .plain, over: visitor)
            kept.append(visitor)
        }
        for _ in 0..<20 {
            let first = relay.logLength
            let visitor = try relay.dial()
            try visitor.write("GET / HTTP/1.1\r\nHost: \(FaultSite.Way.plain.rawValue)\r\n\r\n")
            #expect(try HTTPAnswer(from: visitor).head.status == 503)
            try relay.waitForReason("limit", from: first)
            let lines = relay.process.record.current.errorLines[first...].map { LogLine($0) }
            #expect(lines.count { $0.level == "info" } == 1, "one line for each who is refused")
            visitor.close()
        }
        for visitor in kept { try FaultSite.get(100_000, .plain, over: visitor) }
        for visitor in kept { visitor.close() }
        try site.settle()
        try site.serves()
        try site.stop()
    }
}
