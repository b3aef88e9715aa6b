import EdgeRouting
import EdgeTypes
import Testing

@Suite
struct UpstreamTests {
    @Test
    func aSuspectIsUsableOnceItsTimeIsOver() {
        let now = ContinuousClock.now
        let health = UpstreamHealth.suspect(until: now + .seconds(5))
        #expect(!health.isUsable(at: now))
        #expect(!health.isUsable(at: now + .milliseconds(4999)))
        #expect(health.isUsable(at: now + .seconds(5)))
    }

    @Test
    func upIsAlwaysUsableAndDownNever() {
        let now = ContinuousClock.now
        #expect(UpstreamHealth.up.isUsable(at: now))
        #expect(!UpstreamHealth.down.isUsable(at: now))
    }

    @Test
    func anUpstreamAndAFallbackPrintAsTheyAreWritten() throws {
        #expect(Upstream.tunnel(TunnelID(rawValue: 7)).description == "t7")
        #expect(Upstream.address(.tcp(host: "::1", port: 80)).description == "[::1]:80")
        #expect(Fallback.refuse.description == "refuse")
        #expect(Fallback.tunnel(try name("a.test")).description == "tunnel a.test")
        #expect(Fallback.address(.unix(path: "/x")).description == "unix:/x")
    }
}
