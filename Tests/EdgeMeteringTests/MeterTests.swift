import EdgeMetering
import Testing

@Suite
struct MeterTests {
    @Test
    func aMeterCountsEachWayByItself() {
        let meter = Meter()
        #expect(meter.reading == .zero)
        meter.addReceived(5)
        meter.addReceived(7)
        meter.addSent(1)
        #expect(meter.reading == MeterReading(received: 12, sent: 1))
    }

    @Test
    func aConnectionsFourCountersAreApart() {
        let meters = ConnectionMeters()
        meters.addRawReceived(1)
        meters.addRawSent(20)
        meters.addPayloadReceived(300)
        meters.addPayloadSent(4000)
        meters.addPayloadSent(4000)
        #expect(meters.raw == MeterReading(received: 1, sent: 20))
        #expect(meters.payload == MeterReading(received: 300, sent: 8000))
    }

    @Test
    func aReaderOnAnotherThreadSeesOnlyGrowth() async {
        let meter = Meter()
        let rounds = 200_000
        async let grows: Bool = {
            var last = MeterReading.zero
            while last.received < UInt64(rounds) {
                let next = meter.reading
                if next.received < last.received { return false }
                last = next
                await Task.yield()
            }
            return true
        }()
        for _ in 0..<rounds { meter.addReceived(1) }
        #expect(await grows)
        #expect(meter.reading == MeterReading(received: UInt64(rounds), sent: 0))
    }

    @Test
    func pointsHaveOneTokenEach() {
        #expect(
            MeterPoint.allCases.map(\.rawValue)
                == ["visitor_raw", "visitor_payload", "packer", "websocket", "tunnel_raw"]
        )
    }
}
