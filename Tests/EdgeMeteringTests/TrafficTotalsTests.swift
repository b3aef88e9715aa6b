import EdgeMetering
import EdgeTypes
import Testing

@Suite
struct TrafficTotalsTests {
    private func traffic(_ bytes: UInt64) -> Traffic {
        Traffic(
            raw: MeterReading(received: bytes, sent: 2 * bytes),
            payload: MeterReading(received: bytes / 2, sent: bytes),
            connections: 1
        )
    }

    @Test
    func aVisitorCountsForItsNameTunnelAndListener() throws {
        let name = try #require(Hostname("a.example.com"))
        var totals = TrafficTotals()
        totals.addVisitor(self.traffic(10), name: name, tunnel: TunnelID(rawValue: 1), listener: "[::]:443")
        totals.addVisitor(self.traffic(30), name: name, tunnel: TunnelID(rawValue: 2), listener: "[::]:443")
        totals.addVisitor(self.traffic(1), name: nil, tunnel: nil, listener: "[::]:80")
        #expect(totals.visitors.connections == 3)
        #expect(totals.visitors.raw == MeterReading(received: 41, sent: 82))
        #expect(totals.byName[name]?.raw.received == 40)
        #expect(totals.byTunnel[TunnelID(rawValue: 2)]?.payload == MeterReading(received: 15, sent: 30))
        #expect(totals.byListener["[::]:443"]?.connections == 2)
        #expect(totals.byListener["[::]:80"]?.raw.received == 1)
        #expect(totals.tunnels == .zero)
    }

    @Test
    func tunnelsAreCountedApartFromTheVisitorsTheyCarry() {
        var totals = TrafficTotals()
        totals.addTunnel(self.traffic(8), listener: "[::]:443")
        #expect(totals.visitors == .zero)
        #expect(totals.tunnels.raw.sent == 16)
        #expect(totals.byListener["[::]:443"]?.connections == 1)
        #expect(totals.byTunnel.isEmpty)
    }

    @Test
    func namesBeyondTheLimitShareOneSum() throws {
        var totals = TrafficTotals(limit: 2)
        for text in ["a.test", "b.test", "c.test", "a.test", "d.test"] {
            let name: Hostname = try #require(Hostname(text))
            totals.addVisitor(self.traffic(10), name: name, tunnel: nil, listener: "l")
        }
        #expect(totals.byName.count == 2)
        let first: Hostname = try #require(Hostname("a.test"))
        #expect(totals.byName[first]?.connections == 2)
        #expect(totals.otherNames.connections == 2)
        #expect(totals.visitors.connections == 5)
    }

    @Test
    func theOldestTunnelsLoseTheirPlaceButNotTheirBytes() {
        var totals = TrafficTotals(limit: 4)
        for number in 1...5 {
            totals.addVisitor(self.traffic(10), name: nil, tunnel: TunnelID(rawValue: UInt64(number)), listener: "l")
        }
        #expect(totals.byTunnel.keys.sorted() == [3, 4, 5].map { TunnelID(rawValue: $0) })
        #expect(totals.otherTunnels.connections == 2)
        #expect(totals.visitors.raw.received == 50)
    }

    @Test
    func metersBecomeTheTrafficOfOneConnection() {
        let meters = ConnectionMeters()
        meters.addRawReceived(3)
        meters.addPayloadSent(2)
        let traffic = Traffic(of: meters)
        #expect(traffic.connections == 1)
        #expect(traffic.raw.received == 3)
        #expect(traffic.payload.sent == 2)
    }
}
