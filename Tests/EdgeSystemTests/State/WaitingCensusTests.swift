import EdgeSystem
import EdgeTypes
import Testing

@Suite
struct WaitingCensusTests {
    private func enter(_ census: inout WaitingCensus, _ address: NetworkAddress?) -> WaitingCensus.Admission {
        census.enter(address, limit: 4, limitPerAddress: 2)
    }

    @Test
    func anAddressIsCountedToItsLimitAndNoFurther() {
        var census = WaitingCensus()
        let address = NetworkAddress(ipv4: 1)
        let admission1 = self.enter(&census, address)
        #expect(admission1 == .admitted)
        let admission2 = self.enter(&census, address)
        #expect(admission2 == .admitted)
        let admission3 = self.enter(&census, address)
        #expect(admission3 == .fullForAddress)
        #expect(census.count == 2)
        census.leave(address)
        #expect(census.count(from: address) == 1)
        let admission4 = self.enter(&census, address)
        #expect(admission4 == .admitted)
    }

    @Test
    func anIPv6NetworkIsCountedAsOne() {
        var census = WaitingCensus()
        let admission1 = self.enter(&census, NetworkAddress(high: 7, low: 1))
        #expect(admission1 == .admitted)
        let admission2 = self.enter(&census, NetworkAddress(high: 7, low: 2))
        #expect(admission2 == .admitted)
        let admission3 = self.enter(&census, NetworkAddress(high: 7, low: 3))
        #expect(admission3 == .fullForAddress)
        let admission4 = self.enter(&census, NetworkAddress(high: 8, low: 3))
        #expect(admission4 == .admitted)
        census.leave(NetworkAddress(high: 7, low: 9))
        #expect(census.count(from: NetworkAddress(high: 7, low: 1)) == 1)
    }

    @Test
    func allAreCountedTogether() {
        var census = WaitingCensus()
        for number in 0..<4 {
            let admission = self.enter(&census, number < 2 ? nil : NetworkAddress(ipv4: 9))
            #expect(admission == .admitted)
        }
        let admission1 = self.enter(&census, nil)
        #expect(admission1 == .fullForAll)
        census.leave(nil)
        #expect(census.count == 3)
        let admission2 = self.enter(&census, nil)
        #expect(admission2 == .admitted)
    }

    @Test
    func leavingTwiceCountsNobodyBelowZero() {
        var census = WaitingCensus()
        census.leave(NetworkAddress(ipv4: 1))
        #expect(census.count == 0)
        #expect(census.count(from: NetworkAddress(ipv4: 1)) == 0)
    }
}
