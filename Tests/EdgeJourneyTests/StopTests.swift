import EdgeTestKit
import Testing

/// SIGTERM: nothing new is taken, and what runs may finish.
@Suite
struct StopTests {
    @Test
    func aTransferFinishesWhileTheRelayStops() throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/200000 HTTP/1.1\r\nHost: app.example.test\r\nConnection: close\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(100_000)
        site.relay.process.send(15)
        try site.relay.waitForLog("that it drains") { $0.message == "draining" }
        #expect(throws: JourneyFailure.self) { try site.relay.dial() }
        site.origin.release()
        #expect(try visitor.readToEnd() == Pattern.bytes(100_000, from: 100_000))
        #expect(try site.relay.process.waitForEnd() == .exited(0))
        try site.agent.stop()
    }

    @Test
    func aTransferThatNeverFinishesIsCutAfterTheDrain() throws {
        var setup = RelaySetup()
        setup.timeouts = ["drain": "300ms"]
        let site = try Site(["app.example.test"], setup)
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/200000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(100_000)
        try site.relay.stop()
        site.origin.release()
        #expect(((try? visitor.readToEnd()) ?? []).count < 100_000)
    }

    @Test
    func aVisitorWhoWaitsForItsAnswerIsWaitedFor() throws {
        var setup = RelaySetup()
        setup.timeouts = ["drain": "1h", "drain_idle": "1ms"]
        let relay = try RelayProcess(setup)
        let client = try relay.client(.telebitGo, token: TestToken.granting(["app.example.test"]))
        let visitor = try relay.dial()
        let request = "GET / HTTP/1.1\r\nHost: app.example.test\r\n\r\n"
        try visitor.write(request)
        let packet = try client.nextPacket()
        relay.process.send(15)
        try relay.waitForLog("that it drains") { $0.message == "draining" }
        // Long enough for several looks; an answer that takes its time still arrives.
        #expect(throws: JourneyFailure.self) { try client.connection.read(1, by: Deadline(.milliseconds(300))) }
        try client.send(RawPacket(answering: packet, Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)))
        #expect(try visitor.readHead()?.hasPrefix("HTTP/1.1 204") == true)
        #expect(try client.closeCode() == 1012)
        #expect(try relay.process.waitForEnd() == .exited(0))
    }

    @Test
    func aSecondSignalStopsAtOnce() throws {
        var setup = RelaySetup()
        setup.timeouts = ["drain": "1h", "drain_idle": "1h"]
        let site = try Site(["app.example.test"], setup)
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/200000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(100_000)
        site.relay.process.send(15)
        try site.relay.waitForLog("that it drains") { $0.message == "draining" }
        site.relay.process.send(15)
        #expect(try site.relay.process.waitForEnd() == .exited(0))
        try site.relay.waitForLog("that it hurries") { $0.message == "stopping at once" }
        site.origin.release()
    }

    @Test
    func ourOwnClientIsToldToComeBackAndOthersAreClosed() throws {
        let relay = try RelayProcess()
        let own = try relay.client(.agent, token: TestToken.granting(["a.example.test"]))
        let old = try relay.client(.stunnel08, token: TestToken.granting(["b.example.test"]))
        for client in [own, old] { #expect(try client.nextPacket().text.hasPrefix("[1,\"hello\"")) }
        relay.process.send(15)
        let notice = try own.nextPacket { $0.text.hasPrefix("[0,") }
        #expect(notice.text.contains("\"code\":\"E_GOING_AWAY\""))
        #expect(notice.text.contains("\"retry\":"))
        #expect(try own.closeCode() == 1012)
        #expect(try old.closeCode() == 1012)
        #expect(try relay.process.waitForEnd() == .exited(0))
    }
}
