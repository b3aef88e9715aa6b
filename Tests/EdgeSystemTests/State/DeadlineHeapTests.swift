import EdgeSystem
import Testing

@Suite
struct DeadlineHeapTests {
    private let start = ContinuousClock.Instant.now

    @Test
    func entriesComeOutInTheOrderInWhichTheyAreDue() {
        var heap = DeadlineHeap<Int, ContinuousClock.Instant>()
        // Every residue of 1 to 100 times 37 modulo 101: each number once, in no order.
        for factor in 1...100 {
            let number = factor * 37 % 101
            heap.insert(number, due: self.start + .seconds(number))
        }
        var out: [Int] = []
        while let entry = heap.takeDue(at: self.start + .seconds(60)) { out.append(entry) }
        #expect(out == Array(1...60))
        #expect(heap.next == self.start + .seconds(61))
        #expect(heap.count == 40)
    }

    @Test
    func nothingIsTakenBeforeItsTime() {
        var heap = DeadlineHeap<Int, ContinuousClock.Instant>()
        let entry1 = heap.takeDue(at: self.start)
        #expect(entry1 == nil)
        #expect(heap.next == nil)
        heap.insert(1, due: self.start + .nanoseconds(1))
        let entry2 = heap.takeDue(at: self.start)
        #expect(entry2 == nil)
        let entry3 = heap.takeDue(at: self.start + .nanoseconds(1))
        #expect(entry3 == 1)
        #expect(heap.count == 0)
    }

    @Test
    func whatMeansNothingAnyMoreIsDropped() {
        var heap = DeadlineHeap<Int, ContinuousClock.Instant>()
        for number in (1...50).reversed() { heap.insert(number, due: self.start + .seconds(number)) }
        heap.compact { $0.isMultiple(of: 5) }
        var out: [Int] = []
        while let entry = heap.takeDue(at: self.start + .seconds(50)) { out.append(entry) }
        #expect(out == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
    }
}
