import EdgeTypes
import Testing

@Suite
struct CloseReasonTests {
    @Test
    func everyReasonHasATokenOfItsOwn() {
        let tokens = CloseReason.allCases.map(\.rawValue)
        #expect(Set(tokens).count == tokens.count)
    }

    @Test(arguments: CloseReason.allCases)
    func aTokenIsOneLowerCaseWordForLogs(reason: CloseReason) {
        let isPlain = reason.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        #expect(isPlain, "\(reason.rawValue)")
        #expect(!reason.rawValue.isEmpty)
        #expect(CloseReason(rawValue: reason.rawValue) == reason)
    }

    @Test(arguments: [
        (CloseReason.downstreamReset, CloseReason.Party.downstream),
        (.silent, .downstream),
        (.truncated, .downstream),
        (.upstreamReset, .upstream),
        (.finished, .upstream),
        (.tunnelClosed, .upstream),
        (.operatorRequest, .operator),
        (.sniffTimeout, .relay),
        (.pingTimeout, .relay),
        (.takenOver, .relay),
        (.shutdown, .relay),
        (.internalError, .relay),
    ])
    func aReasonNamesWhoEndedTheConnection(reason: CloseReason, party: CloseReason.Party) {
        #expect(reason.endedBy == party)
    }
}
