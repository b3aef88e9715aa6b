import EdgeTokens
import Testing

@Suite
struct HostileTokenTests {
    private let claims = [UInt8](
        #"{"domains":["a.test","*.b.test"],"ports":[22,"5-6"],"device":{"id":"x"},"exp":1.9e9,"nbf":1,"tcp":true}"#.utf8
    )

    private func isRefused(_ token: String) -> Bool {
        (try? Minting.verifier.verify(token, at: Minting.now)) == nil
    }

    @Test
    func everyTruncationIsRefused() {
        let token = Minting.token(payload: self.claims)
        #expect(!self.isRefused(token))
        for length in 0..<token.utf8.count {
            #expect(self.isRefused(String(token.prefix(length))))
            #expect(self.isRefused(String(token.suffix(length))))
        }
    }

    @Test
    func everyBitOfATokenCounts() {
        let token = Minting.token(payload: self.claims)
        let bytes = [UInt8](token.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(self.isRefused(String(decoding: changed, as: UTF8.self)), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func noMutationIsAcceptedAndNoneTraps(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let token = Minting.token(payload: self.claims)
        for _ in 0..<4000 {
            let changed = String(decoding: Self.mutated([UInt8](token.utf8), &numbers), as: UTF8.self)
            if changed != token { #expect(self.isRefused(changed)) }
        }
    }

    @Test(arguments: [4, 5, 6] as [UInt64])
    func noClaimsThatAreSignedTrap(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        var accepted = 0
        for _ in 0..<4000 {
            let token = Minting.token(payload: Self.mutated(self.claims, &numbers))
            if !self.isRefused(token) { accepted += 1 }
        }
        #expect(accepted > 0, "some mutations leave good claims")
        #expect(accepted < 4000)
    }

    @Test(arguments: [7, 8] as [UInt64])
    func noHeaderThatIsSignedTraps(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let header = [UInt8](#"{"alg":"HS256","typ":"JWT","kid":"main"}"#.utf8)
        var refused = 0
        for _ in 0..<4000 {
            let changed = String(decoding: Self.mutated(header, &numbers), as: UTF8.self)
            if self.isRefused(Minting.token(header: changed, #"{"domains":["a.test"]}"#)) { refused += 1 }
        }
        #expect(refused > 0)
        #expect(refused < 4000)
    }

    /// One to four changes: bytes flipped, put in, taken out, doubled, or replaced by what JSON and tokens are made of.
    private static func mutated(_ bytes: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
        let marks = [UInt8]("{}[]\",:.-_0e9=\\ \u{0}".utf8)
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            guard let index = bytes.indices.randomElement(using: &numbers) else { return bytes }
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &numbers), at: index)
            case 3: bytes[index] = marks.randomElement(using: &numbers) ?? 0
            case 4: bytes.insert(marks.randomElement(using: &numbers) ?? 0, at: index)
            default:
                let end = min(bytes.count, index + Int.random(in: 1...20, using: &numbers))
                bytes.insert(contentsOf: Array(bytes[index..<end]), at: index)
            }
        }
        return bytes
    }
}
