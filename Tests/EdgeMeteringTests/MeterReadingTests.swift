import EdgeMetering
import Testing

@Suite
struct MeterReadingTests {
    @Test
    func readingsAddAndSubtractEachWayByItself() {
        let first = MeterReading(received: 10, sent: 1)
        let second = MeterReading(received: 15, sent: 100)
        #expect(first + second == MeterReading(received: 25, sent: 101))
        #expect(second - first == MeterReading(received: 5, sent: 99))
        #expect(second.total == 115)
    }

    @Test
    func sumsStopAtTheLargestNumberAndDifferencesAtZero() {
        let most = MeterReading(received: .max, sent: .max)
        let one = MeterReading(received: 1, sent: 1)
        #expect(most + one == most)
        #expect(one - most == .zero)
        #expect(most.total == .max)
    }

    @Test
    func aRateIsBytesByTheSecond() {
        let rate = TransferRate(
            from: MeterReading(received: 1000, sent: 0),
            to: MeterReading(received: 3000, sent: 500),
            over: .milliseconds(500)
        )
        #expect(rate.received == 4000)
        #expect(rate.sent == 1000)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func withoutTimeThereIsNoRate(elapsed: Duration) {
        let rate = TransferRate(from: .zero, to: MeterReading(received: 9, sent: 9), over: elapsed)
        #expect(rate.received == 0)
        #expect(rate.sent == 0)
    }
}
