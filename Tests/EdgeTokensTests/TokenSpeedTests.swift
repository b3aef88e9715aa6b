import EdgeTokens
import Testing

@Suite(.serialized)
struct TokenSpeedTests {
    /// A flood of bad tokens must not hold a loop: refusing one takes no longer than this, also in a debug build on a
    /// busy machine, where some thirty times less was measured.
    private static let ceiling = Duration.milliseconds(5)

    private func measure(_ name: String, _ body: () -> Bool) -> Duration {
        let rounds = 500
        var agreed = 0
        let elapsed = ContinuousClock().measure {
            for _ in 0..<rounds where body() { agreed += 1 }
        }
        #expect(agreed == rounds)
        print("\(name): \((elapsed / rounds).components.attoseconds / 1_000_000_000_000) µs")
        return elapsed / rounds
    }

    @Test
    func aTokenIsVerifiedAndRefusedInNoTime() {
        let good = Minting.token(#"{"domains":["app.test","*.wild.test"],"ports":["5050"],"exp":1900000000}"#)
        let forged = Minting.token(#"{"domains":["app.test"]}"#, secret: [UInt8]("other".utf8))
        let verified = self.measure("verify a token") {
            (try? Minting.verifier.verify(good, at: Minting.now)) != nil
        }
        let refused = self.measure("refuse a forged token") {
            (try? Minting.verifier.verify(forged, at: Minting.now)) == nil
        }
        #expect(verified < Self.ceiling)
        #expect(refused < Self.ceiling)
    }
}
