import EdgeTestKit
import Testing

/// The program's client and a relay that goes away.
@Suite("The next tunnel before the old one is over")
struct MovingTests {
    @Test
    func theOldTunnelServesOnAndTheNewOneTakesNewStreams() throws {
        let echo = try EchoServer()
        let relay = try ScriptedRelay()
        let client = try relay.client(["tcp:2222:\(echo.port)"])
        let old = try relay.tunnel(0)
        try old.open(1001, "tcp", servicePort: 2222)
        try old.say(1001, "one")
        #expect(try old.answer().text == "one")
        try old.goAway(retry: 0)
        let new = try relay.tunnel(1)
        #expect(new.head["RVPN-Instance"] == old.head["RVPN-Instance"])
        try client.waitForErrorLine("the new tunnel") { $0.contains("connected") && $0.contains("edge.state=up") }
        try old.say(1001, "two")
        #expect(try old.answer().text == "two")
        try new.open(1002, "tcp", servicePort: 2222)
        try new.say(1002, "three")
        #expect(try new.answer().text == "three")
        try old.close(1012)
        try client.waitForErrorLine("the end of the old tunnel") { $0.contains("the old tunnel is over") }
        try new.say(1002, "four")
        #expect(try new.answer().text == "four")
        client.send(15)
        #expect(try new.closeCode() == 1000)
        #expect(try client.waitForEnd() == .exited(0))
        #expect(!client.record.current.errorLines.contains { $0.contains("disconnected") })
        #expect(relay.count == 2)
    }

    @Test
    func aRelayThatGivesTheNamesToTheNewcomerEndsTheOldOneQuietly() throws {
        let echo = try EchoServer()
        let relay = try ScriptedRelay()
        let client = try relay.client(["tcp:2222:\(echo.port)"])
        let old = try relay.tunnel(0)
        try old.goAway(retry: 0)
        let new = try relay.tunnel(1)
        try old.close(1008, "a newer connection took this one's place")
        try client.waitForErrorLine("the end of the old tunnel") { $0.contains("the old tunnel is over") }
        try new.open(1001, "tcp", servicePort: 2222)
        try new.say(1001, "on")
        #expect(try new.answer().text == "on")
        #expect(client.record.current.status == nil)
        client.send(15)
        #expect(try client.waitForEnd() == .exited(0))
        #expect(relay.count == 2)
    }

    @Test
    func aSignalEndsBothTunnels() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["http:a.example.test:9"])
        let old = try relay.tunnel(0)
        try old.goAway(retry: 0)
        let new = try relay.tunnel(1)
        try client.waitForErrorLine("the new tunnel") { $0.contains("connected") && $0.contains("edge.state=up") }
        client.send(15)
        #expect(try old.closeCode() == 1000)
        #expect(try new.closeCode() == 1000)
        #expect(try client.waitForEnd() == .exited(0))
    }

    @Test
    func aTunnelThatStillDrainsWhenTheNextRelayGoesAwayIsEnded() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["http:a.example.test:9"])
        let first = try relay.tunnel(0)
        try first.goAway(retry: 0)
        let second = try relay.tunnel(1)
        try second.goAway(retry: 0)
        #expect(try first.closeCode() == 1000)
        let third = try relay.tunnel(2)
        try second.close(1012)
        client.send(15)
        #expect(try third.closeCode() == 1000)
        #expect(try client.waitForEnd() == .exited(0))
    }

    @Test
    func withOnceARelayThatGoesAwayEndsTheClient() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["http:a.example.test:9"], ["--once"])
        let only = try relay.tunnel(0)
        try only.goAway(retry: 0)
        try only.close(1012)
        #expect(try client.waitForEnd() == .exited(0))
        #expect(relay.count == 1)
    }

    @Test
    func aTunnelThatIsLostWithoutNoticeIsDialledAgain() throws {
        let relay = try ScriptedRelay()
        let client = try relay.client(["http:a.example.test:9"])
        try relay.tunnel(0).close(1001)
        try client.waitForErrorLine("how long it waits") {
            $0.contains("edge.state=backing_off") && $0.contains("edge.until=") && $0.contains("edge.retry=")
        }
        let next = try relay.tunnel(1)
        client.send(15)
        #expect(try next.closeCode() == 1000)
        #expect(try client.waitForEnd() == .exited(0))
    }
}
