import EdgeTestKit
import Testing

/// What the relay does when too much waits for slow peers.
@Suite
struct MemoryTests {
    @Test
    func newVisitorsAreRefusedWhileTooMuchWaitsAndServedAgainAfterwards() throws {
        var setup = RelaySetup()
        setup.more = ["limits: { memory: 64KiB }"]
        let site = try Site(["app.example.test"], setup)
        let slow = try PlainConnection(port: site.relay.port)
        // The sockets between take some megabytes first, and other tests may hold the machine meanwhile.
        let deadline = Deadline(.seconds(120))
        try slow.write(Array("GET /20000000 HTTP/1.1\r\nHost: app.example.test\r\n\r\n".utf8), by: deadline)
        var status = 200
        while status != 503 {
            try #require(deadline.remaining > .zero, "nobody was refused")
            status = try site.curl.get("http://app.example.test/10").head.status
        }
        try site.relay.waitForReason("limit")
        slow.close()
        while status != 200 {
            try #require(deadline.remaining > .zero, "nobody was served again")
            status = try site.curl.get("http://app.example.test/10").head.status
        }
        try site.stop()
    }
}
