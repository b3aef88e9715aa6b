import EdgeTestKit
import Testing

/// What the relay does when too much waits for slow peers.
@Suite
struct MemoryTests {
    private static let slow = "slow.example.test"

    @Test
    func newVisitorsAreRefusedWhileTooMuchWaitsAndServedAgainAfterwards() throws {
        var setup = RelaySetup()
        setup.limits = ["memory": "4MiB"]
        let site = try Site(["app.example.test"], setup)
        // A client that may be sent no pause, so that it alone says how much waits.
        let client = try site.relay.client(.telebitGo, token: TestToken.granting([Self.slow]))
        let reader = try site.relay.dial()
        try reader.write("GET / HTTP/1.1\r\nHost: \(Self.slow)\r\n\r\n")
        let opening = try client.nextPacket()
        // The sockets between take some megabytes first.
        var status = 200
        for _ in 0..<1000 where status != 503 {
            try client.send(RawPacket(answering: opening, Pattern.bytes(100_000)))
            status = try site.curl.get("http://app.example.test/10").head.status
            #expect(status == 200 || status == 503)
        }
        #expect(status == 503)
        try site.relay.waitForReason("limit")
        reader.close()
        let deadline = Deadline(.seconds(60))
        while status != 200 {
            try #require(deadline.remaining > .zero, "nobody was served again")
            status = try site.curl.get("http://app.example.test/10").head.status
        }
        try site.stop()
    }
}
