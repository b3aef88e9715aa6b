import EdgeCarrier
import Testing

@Suite("Deadlines that expire in the order in which they began")
struct DeadlineQueueTests {
    private let start = ContinuousClock.now

    @Test
    func anEmptyQueueHasNoDeadline() {
        var queue = DeadlineQueue<Int>(delay: .seconds(1))
        #expect(queue.next == nil)
        #expect(queue.popExpired(at: self.start) == nil)
    }

    @Test
    func anEntryExpiresWhenItsDelayIsOverAndNotBefore() {
        var queue = DeadlineQueue<Int>(delay: .milliseconds(100))
        queue.add(7, at: self.start)
        let due = self.start.advanced(by: .milliseconds(100))
        #expect(queue.next == due)
        #expect(queue.popExpired(at: due.advanced(by: .nanoseconds(-1))) == nil)
        #expect(queue.next == due)
        #expect(queue.popExpired(at: due) == 7)
        #expect(queue.next == nil)
    }

    @Test
    func entriesLeaveInTheirOrderAlsoWhenTheQueueIsShiftedAndFilledMeanwhile() {
        var queue = DeadlineQueue<Int>(delay: .seconds(1))
        var left: [Int] = []
        for round in 0..<1000 {
            let now = self.start.advanced(by: .milliseconds(round * 10))
            queue.add(round, at: now)
            while let entry = queue.popExpired(at: now) { left.append(entry) }
            #expect(queue.next == self.start.advanced(by: .milliseconds(left.count * 10 + 1000)))
        }
        #expect(left == Array(0..<900))
        let end = self.start.advanced(by: .seconds(100))
        while let entry = queue.popExpired(at: end) { left.append(entry) }
        #expect(left == Array(0..<1000))
        #expect(queue.next == nil)
    }
}
