import EdgeTestKit
import Foundation
import Testing

/// The admin host, as a person on the relay's own machine sees it.
@Suite
struct AdminHostTests {
    /// The parts of the status that the tests look at.
    private struct Status: Decodable {
        struct Listener: Decodable {
            let address: String
            let open: Int
        }
        struct Tunnel: Decodable {
            let id: String
            let names: [String]
            let streams: Int
        }
        struct Name: Decodable {
            let pattern: String
            let tunnels: [String]
            let away: Bool
        }
        struct Reading: Decodable {
            let received: Int
            let sent: Int
        }
        struct Connection: Decodable {
            let name: String?
            let peer: String
            let tunnel: String?
            let payload: Reading
        }
        struct Totals: Decodable {
            let ended: [String: Int]
        }
        let ready: Bool
        let totals: Totals
        let listeners: [Listener]
        let tunnels: [Tunnel]
        let names: [Name]
        let connections: [Connection]
    }

    private static func status(_ curl: Curl) throws -> Status {
        let answer = try curl.get("https://admin.example.test/api/v1/status")
        #expect(answer.head.status == 200, "\(answer.errors)")
        return try JSONDecoder().decode(Status.self, from: Data(answer.body))
    }

    @Test
    func aConnectionThatIsKeptAndSaysNothingEndsAfterTheIdleTimeAndIsToldOnce() throws {
        var setup = RelaySetup()
        setup.timeouts = ["idle": "300ms"]
        let relay = try RelayProcess(setup)
        let person = try relay.dial()
        let port = person.localPort
        let secure = try SecureConnection(dialling: person, name: "admin.example.test", authority: nil)
        try secure.write("GET /healthz HTTP/1.1\r\nHost: admin.example.test\r\n\r\n")
        #expect(try HTTPAnswer(from: secure).head.status == 200)
        #expect(try secure.readToEnd().isEmpty)
        let line = try relay.waitForLog("its end") {
            $0.message == "connection closed" && $0["peer"]?.hasSuffix(":\(port)") == true
        }
        #expect(line["reason"] == "idle")
        try relay.stop()
        let lines = relay.process.record.current.errorLines.map { LogLine($0) }
        #expect(lines.count { $0.message == "connection reaped" } == 1)
    }

    @Test
    func theStatusShowsATransferWhileItRuns() throws {
        let site = try Site(["app.example.test"])
        let visitor = try site.relay.dial()
        try visitor.write("GET /held/2000000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n")
        _ = try visitor.readHead()
        _ = try visitor.readExactly(1_000_000)

        let status = try Self.status(site.curl)
        #expect(status.ready)
        #expect(status.listeners.map(\.address) == ["127.0.0.1:\(site.relay.port)"])
        #expect(status.tunnels.map(\.names) == [["app.example.test"]])
        #expect(status.tunnels.map(\.streams) == [1])
        let name = try #require(status.names.first { $0.pattern == "app.example.test" })
        #expect(!name.away)
        #expect(name.tunnels == status.tunnels.map(\.id))
        let connection = try #require(status.connections.first { $0.name == "app.example.test" })
        #expect(connection.peer == "127.0.0.1:\(visitor.localPort)")
        #expect(connection.tunnel == status.tunnels.first?.id)
        #expect(connection.payload.sent >= 1_000_000)
        #expect(connection.payload.received >= 50)

        site.origin.release()
        #expect(try visitor.readExactly(1_000_000) == Pattern.bytes(1_000_000, from: 1_000_000))
        visitor.close()
        try site.agent.stop()
        try site.relay.waitForLog("the tunnel's end") { $0.message == "tunnel ended" }
        let after = try Self.status(site.curl)
        #expect(after.tunnels.isEmpty)
        #expect(after.names.first { $0.pattern == "app.example.test" }?.away == true)
        try site.relay.stop()
    }

    @Test
    func whatTheRelayAnswersItselfIsCountedToTheByte() throws {
        let relay = try RelayProcess()
        let curl = Curl(port: relay.port)
        let before = try Self.status(curl)
        #expect(before.totals.ended["unknown_name"] == nil)
        let request = Array("GET / HTTP/1.1\r\nHost: nobody.example.test\r\n\r\n".utf8)
        let visitor = try PlainConnection(port: relay.port)
        let deadline = Deadline()
        try visitor.write(request, by: deadline)
        var answer: [UInt8] = []
        while true {
            let bytes = try visitor.read(65_536, by: deadline)
            if bytes.isEmpty { break }
            answer += bytes
        }
        visitor.close()
        var after = try Self.status(curl)
        while after.totals.ended["unknown_name"] == nil {
            try #require(deadline.remaining > .zero, "the refusal is not counted")
            after = try Self.status(curl)
        }
        #expect(after.totals.ended["unknown_name"] == 1)
        let plain = try Self.refused(relay)
        #expect(plain.received == request.count && plain.sent == answer.count)
        try relay.stop()
    }

    /// What the log says of the one refusal that was answered.
    private static func refused(_ relay: RelayProcess) throws -> (received: Int, sent: Int) {
        let line = try relay.waitForLog("the refusal's end") { $0.message == "refusal answered" }
        return (Int(line["edge.received"] ?? "") ?? -1, Int(line["edge.sent"] ?? "") ?? -1)
    }

    @Test
    func healthAndReadinessAnswerAnybody() throws {
        let relay = try RelayProcess()
        let curl = Curl(port: relay.port)
        #expect(try curl.get("https://admin.example.test/healthz").head.status == 200)
        #expect(try curl.get("https://admin.example.test/readyz").head.status == 200)
        let forwarded = ["-H", "X-Forwarded-For: 192.0.2.1"]
        #expect(try curl.get("https://admin.example.test/healthz", forwarded).head.status == 200)
        #expect(try curl.get("https://admin.example.test/api/v1/status", forwarded).head.status == 403)
        #expect(try curl.get("https://admin.example.test/nothing").head.status == 404)
        try relay.stop()
    }

    @Test
    func thePageIsForBrowsersAndTheSamePathIsJSONForPrograms() throws {
        let relay = try RelayProcess()
        let curl = Curl(port: relay.port)
        let page = try curl.get("https://admin.example.test/", ["-H", "Accept: text/html"])
        #expect(page.head["Content-Type"].first?.hasPrefix("text/html") == true)
        let status = try curl.get("https://admin.example.test/", ["-H", "Accept: application/json"])
        #expect(status.head["Content-Type"].first?.hasPrefix("application/json") == true)
        try relay.stop()
    }
}
