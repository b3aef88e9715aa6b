import EdgeTestKit
import Testing

/// Streams of a tunnel and the local services behind them, seen from the relay.
@Suite("Streams and local services")
struct LocalStreamTests {
    /// Starts a client for one service.
    private static func serve(
        _ local: String
    ) throws -> (tunnel: ScriptedRelay.Tunnel, client: ChildProcess, relay: ScriptedRelay) {
        let relay = try ScriptedRelay()
        let client = try relay.client([local])
        return (try relay.tunnel(0), client, relay)
    }

    @Test(arguments: [
        ("tcp:*:", "tcp", "", 20_001), ("ssh:a.test:", "ssh", "ssh.a.test", 443), ("ssh:a.test:", "ssh", "a.test", 443),
    ])
    func aServiceThatSpeaksFirstIsHeardBeforeItsVisitorSpeaks(
        local: String,
        service: String,
        name: String,
        port: Int
    ) throws {
        let echo = try EchoServer(greeting: "220 ready\r\n")
        let served = try Self.serve("\(local)\(echo.port)")
        try served.tunnel.open(1001, service, name: name, servicePort: port)
        let greeting = try served.tunnel.answer()
        #expect(greeting.text == "220 ready\r\n")
        #expect(greeting.stream == "IPv4,192.0.2.7,1001")
        try served.tunnel.say(1001, "HELO\r\n", service: service)
        #expect(try served.tunnel.answer().text == "HELO\r\n")
    }

    @Test
    func anEndOfEitherSideLeavesTheOtherHalfOpen() throws {
        let heard = Watched<String?>(nil)
        let listener = try LoopbackListener { connection in
            try? connection.write("first")
            connection.finishWriting()
            let bytes = (try? connection.readToEnd()) ?? []
            heard.change { $0 = String(decoding: bytes, as: UTF8.self) }
            connection.close()
        }
        let served = try Self.serve("tcp:2222:\(listener.port)")
        try served.tunnel.open(1001, "tcp", servicePort: 2222)
        #expect(try served.tunnel.answer().text == "first")
        #expect(try served.tunnel.answer().service == "end")
        try served.tunnel.say(1001, "still ")
        try served.tunnel.say(1001, "heard")
        try served.tunnel.send(RawPacket(header: "IPv4,192.0.2.7,1001,0,end,2222,", body: []))
        #expect(heard.wait { $0 } == "still heard")
        let echo = try EchoServer()
        let other = try Self.serve("tcp:2222:\(echo.port)")
        try other.tunnel.open(1002, "tcp", servicePort: 2222)
        try other.tunnel.say(1002, "question")
        try other.tunnel.send(RawPacket(header: "IPv4,192.0.2.7,1002,0,end,2222,", body: []))
        #expect(try other.tunnel.answer().text == "question")
        #expect(try other.tunnel.answer().service == "end")
    }

    @Test
    func aResetOfTheServiceIsAnError() throws {
        let listener = try LoopbackListener { connection in
            _ = try? connection.read()
            connection.reset()
        }
        let served = try Self.serve("tcp:2222:\(listener.port)")
        try served.tunnel.open(1001, "tcp", servicePort: 2222)
        try served.tunnel.say(1001, "x")
        #expect(try served.tunnel.answer().service == "error")
    }

    @Test
    func aResetOfTheVisitorResetsTheService() throws {
        let failure = Watched<String?>(nil)
        let listener = try LoopbackListener { connection in
            do {
                try connection.write("connected")
                _ = try connection.readToEnd()
                failure.change { $0 = "an orderly end" }
            } catch {
                failure.change { $0 = "\(error)" }
            }
        }
        let served = try Self.serve("tcp:2222:\(listener.port)")
        try served.tunnel.open(1001, "tcp", servicePort: 2222)
        #expect(try served.tunnel.answer().text == "connected")
        try served.tunnel.send(RawPacket(header: "IPv4,192.0.2.7,1001,0,error,2222,", body: []))
        #expect(failure.wait { $0 }?.contains("reset") == true)
    }

    @Test
    func aServiceThatIsDownIsAnErrorAtOnce() throws {
        let served = try Self.serve("tcp:2222:\(try LoopbackListener.freePort())")
        try served.tunnel.open(1001, "tcp", servicePort: 2222)
        #expect(try served.tunnel.answer().service == "error")
        try served.client.waitForErrorLine("why") { $0.contains("connect_failed") }
    }

    @Test(arguments: [("http", "a.test", 443), ("https", "a.test", 443), ("ssh", "b.test", 443), ("tcp", "", 2223)])
    func whatNoServiceIsForIsAnErrorAtOnce(service: String, name: String, port: Int) throws {
        let echo = try EchoServer(greeting: "never heard")
        let relay = try ScriptedRelay()
        let client = try relay.client(["ssh:a.test:\(echo.port)", "tcp:2222:\(echo.port)"])
        let tunnel = try relay.tunnel(0)
        try tunnel.open(1001, service, name: name, servicePort: port)
        let answer = try tunnel.answer()
        #expect(answer.service == "error" && answer.stream == "IPv4,192.0.2.7,1001")
        try client.waitForErrorLine("why") { $0.contains("no local service for a visitor") }
    }

    @Test
    func aServiceThatDoesNotAnswerIsAnErrorAndAVisitorThatLeftMeanwhileIsNotToldOf() throws {
        let full = try FullListener()
        let served = try Self.serve("tcp:2222:\(full.port)")
        try served.tunnel.open(1001, "tcp", servicePort: 2222)
        try served.tunnel.say(1001, "x")
        try served.tunnel.send(RawPacket(header: "IPv4,192.0.2.7,1001,0,error,2222,", body: []))
        try served.tunnel.open(1002, "tcp", servicePort: 2222)
        try served.tunnel.say(1002, "x")
        try served.tunnel.send(RawPacket(header: "IPv4,192.0.2.7,1002,0,end,2222,", body: []))
        let answer = try served.tunnel.answer()
        #expect(answer.service == "error" && answer.stream == "IPv4,192.0.2.7,1002")
        #expect(served.client.record.current.status == nil)
    }
}
