import EdgeSystem
import Testing

@Suite
struct ArrivalPatienceTests {
    private let start = ContinuousClock.Instant.now

    @Test
    func fewerBytesThanWantedAskNothing() {
        var patience = ArrivalPatience(wanted: 10, at: self.start)
        let answer1 = patience.bytesCame(9, at: self.start)
        #expect(answer1 == .wait)
        let answer2 = patience.bytesCame(10, at: self.start)
        #expect(answer2 == .ask)
        patience.waitsOn(wanted: 20, at: self.start)
        #expect(patience.wanted == 20)
        let answer3 = patience.bytesCame(10, at: self.start)
        #expect(answer3 == .wait)
    }

    @Test
    func afterTheFreeQuestionsTheNextOnesAreAskedAtIntervals() {
        var patience = ArrivalPatience(wanted: 1, at: self.start)
        for count in 1...ArrivalPatience.freeQuestions {
            let answer1 = patience.bytesCame(count, at: self.start)
            #expect(answer1 == .ask)
            patience.waitsOn(wanted: count + 1, at: self.start)
        }
        let due = self.start + ArrivalPatience.interval
        let answer2 = patience.bytesCame(1000, at: self.start)
        #expect(answer2 == .askLater(due))
        let answer3 = patience.bytesCame(1001, at: self.start)
        #expect(answer3 == .wait)
        let answer4 = patience.timeCame(at: self.start)
        #expect(!answer4)
        let answer5 = patience.timeCame(at: due)
        #expect(answer5)
        patience.waitsOn(wanted: 1002, at: due)
        let answer6 = patience.timeCame(at: due + ArrivalPatience.interval)
        #expect(!answer6)
        let answer7 = patience.bytesCame(1002, at: due + ArrivalPatience.interval)
        #expect(answer7 == .ask)
    }
}
