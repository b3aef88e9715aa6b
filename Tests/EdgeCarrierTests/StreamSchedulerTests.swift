import EdgeCarrier
import Testing

@Suite("Turns of streams while a tunnel is full")
struct StreamSchedulerTests {
    @Test
    func nobodyWaitsAndEverybodyMayBeRead() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        #expect(scheduler.isCalm && !scheduler.isContended)
        #expect(scheduler.mayRead(1))
        #expect(scheduler.grant(room: 1000).isEmpty)
        #expect(scheduler.isCalm)
    }

    @Test
    func turnsAreGivenInOrderAndNoMoreThanThereIsRoom() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        for id in 0..<10 { scheduler.join(id) }
        scheduler.join(3)
        #expect(scheduler.grant(room: 250) == [0, 1, 2], "the last one goes beyond the room by less than a turn")
        #expect(scheduler.mayRead(2) && !scheduler.mayRead(3) && !scheduler.mayRead(99))
        #expect(scheduler.grant(room: 250).isEmpty, "what was granted and has not come takes room")
        for id in 0..<3 { scheduler.used(100, by: id) }
        #expect(!scheduler.mayRead(0))
        #expect(scheduler.grant(room: 100) == [3])
        #expect(scheduler.isContended)
        #expect(scheduler.grant(room: 0).isEmpty)
        #expect(scheduler.grant(room: .max / 2) == [4, 5, 6, 7, 8, 9])
        #expect(!scheduler.isContended && scheduler.mayRead(99))
    }

    /// What each of some streams sends in a number of rounds, where a turn's reads bring so much at once.
    private static func bytes(reads: [Int], turns: Int, room: Int = 64) -> [Int] {
        var scheduler = StreamScheduler<Int>(quantum: 64)
        var sent = Array(repeating: 0, count: reads.count)
        // One more who always waits, so that there is always somebody to be fair to.
        let other = -1
        for id in reads.indices { scheduler.join(id) }
        scheduler.join(other)
        for _ in 0..<turns {
            let granted = scheduler.grant(room: room)
            if granted.contains(other) {
                scheduler.used(64, by: other)
                scheduler.join(other)
            }
            for id in granted where id != other {
                while scheduler.mayRead(id) {
                    sent[id] += reads[id]
                    scheduler.used(reads[id], by: id)
                }
                scheduler.join(id)
            }
        }
        return sent
    }

    @Test(
        arguments: [
            [64, 64, 64], [64, 16, 1], [256, 64, 64], [256, 2, 64, 100, 63], [1, 1000],
        ]
    )
    func everybodyGetsTheSameHoweverMuchItsReadsBring(reads: [Int]) throws {
        let sent = Self.bytes(reads: reads, turns: 4000)
        let least = try #require(sent.min())
        let most = try #require(sent.max())
        #expect(least > 0)
        // Nobody is ahead by more than its largest read and a turn.
        #expect(most - least <= (reads.max() ?? 0) + 2 * 64, "\(sent)")
    }

    @Test
    func aSmallRequestBesideBulkTransfersHasItsTurnWithinARound() {
        var scheduler = StreamScheduler<Int>(quantum: 64)
        for id in 0..<20 { scheduler.join(id) }
        var rounds = 0
        for turn in 0..<1000 {
            if turn == 500 { scheduler.join(99) }
            let granted = scheduler.grant(room: 64)
            for id in granted {
                scheduler.used(64, by: id)
                if id != 99 { scheduler.join(id) }
            }
            guard turn >= 500 else { continue }
            rounds += 1
            if granted.contains(99) { break }
        }
        #expect(rounds <= 21)
    }

    @Test
    func whoUsedMorePaysItBackLater() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        scheduler.join(0)
        scheduler.join(1)
        scheduler.used(350, by: 0)
        #expect(scheduler.grant(room: 1) == [1])
        var order: [Int] = []
        scheduler.used(100, by: 1)
        scheduler.join(1)
        while order.last != 0 {
            for id in scheduler.grant(room: 1) {
                order.append(id)
                scheduler.used(100, by: id)
                scheduler.join(id)
            }
        }
        #expect(order == [1, 1, 0])
    }

    @Test
    func aDebtHasAnEnd() {
        var scheduler = StreamScheduler<Int>(quantum: 1)
        scheduler.join(0)
        scheduler.used(.max / 2, by: 0)
        #expect(scheduler.grant(room: 1) == [0], "nobody else waits")
        scheduler.used(.max / 2, by: 0)
        scheduler.join(0)
        #expect(scheduler.grant(room: 1) == [0])
    }

    @Test
    func whoSaysNothingInItsTurnKeepsNothingOver() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        for id in 0..<4 { scheduler.join(id) }
        #expect(scheduler.grant(room: 150) == [0, 1])
        scheduler.lapse()
        #expect(scheduler.mayRead(0), "a turn lasts from one lapse to the next at least")
        #expect(scheduler.grant(room: 150).isEmpty)
        scheduler.lapse()
        #expect(!scheduler.mayRead(0) && !scheduler.mayRead(1))
        #expect(scheduler.grant(room: 150) == [2, 3], "the room is free again")
        scheduler.join(0)
        #expect(scheduler.grant(room: 300) == [0])
        scheduler.used(100, by: 0)
        #expect(scheduler.grant(room: 1000).isEmpty)
    }

    @Test
    func aTurnThatWasCutShortIsMadeUpForOnce() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        scheduler.join(0)
        scheduler.join(1)
        for _ in 0..<10 {
            let granted = scheduler.grant(room: 1)
            #expect(granted.count == 1)
            for id in granted {
                scheduler.used(10, by: id)
                scheduler.join(id)
            }
        }
        let last = scheduler.grant(room: 1)
        #expect(last == [0])
        scheduler.used(199, by: 0)
        #expect(scheduler.mayRead(0))
        scheduler.used(1, by: 0)
        #expect(!scheduler.mayRead(0), "two turns at most")
    }

    @Test
    func aStreamThatEndsInLineLeavesNoTrace() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        scheduler.join(0)
        scheduler.join(1)
        scheduler.leave(0)
        scheduler.leave(0)
        scheduler.join(0)
        #expect(scheduler.grant(room: 101) == [1, 0], "who comes again stands at the end")
        scheduler.leave(0)
        scheduler.leave(1)
        #expect(scheduler.isCalm && !scheduler.isContended)
        #expect(scheduler.grant(room: 1).isEmpty)
        scheduler.join(2)
        #expect(scheduler.grant(room: 1) == [2], "a turn that was left takes no room")
    }

    @Test
    func aHundredThousandStreamsThatComeAndGoInLineLeaveItShort() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        scheduler.join(-1)
        for id in 0..<100_000 {
            scheduler.join(id)
            scheduler.leave(id)
        }
        #expect(scheduler.lineLength < 200)
        #expect(scheduler.grant(room: 1) == [-1])
        #expect(!scheduler.isContended)
    }

    @Test
    func debtsAreForgottenWhenAllHasLeftAndNotBefore() {
        var scheduler = StreamScheduler<Int>(quantum: 100)
        scheduler.join(0)
        scheduler.used(500, by: 1)
        scheduler.calm()
        #expect(!scheduler.isCalm, "somebody waits")
        _ = scheduler.grant(room: 1)
        scheduler.calm()
        #expect(scheduler.isCalm)
        scheduler.join(1)
        scheduler.join(2)
        #expect(scheduler.grant(room: 1) == [1])
    }
}
