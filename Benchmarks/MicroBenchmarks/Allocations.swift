import CAllocationCount

/// Counting what the present thread allocates.
enum Allocations {
    /// Whether they are counted in this build; a sanitizer brings an allocator of its own.
    static var areCounted: Bool { CAllocationCount_is_counting() == 1 }

    /// How many allocations a piece of work makes on this thread.
    ///
    /// - Parameter work: what is counted.
    /// - Returns: their number.
    static func count(_ work: () -> Void) -> Int {
        let before = CAllocationCount_of_this_thread()
        work()
        return Int(CAllocationCount_of_this_thread() - before)
    }

    /// Counts what is known, to show that counting is exact: nothing, nine calls of C, and objects of Swift's.
    ///
    /// - Returns: what was counted wrongly, one line each; none where all is right.
    static func selfCheck() -> [String] {
        var faults: [String] = []
        func expect(_ expected: Int, _ what: String, _ work: () -> Void) {
            let found = self.count(work)
            if found != expected { faults.append("\(what): \(found) allocations counted, \(expected) made") }
        }
        guard self.areCounted else { return ["allocations are not counted in this build"] }
        for _ in 0..<2 {
            expect(0, "nothing") {}
            expect(9, "one call of each function") { CAllocationCount_take_nine() }
            expect(9_000, "a thousand calls of each function") {
                for _ in 0..<1_000 { CAllocationCount_take_nine() }
            }
            expect(100, "a hundred objects") {
                for number in 0..<100 { keep(Box(number)) }
            }
            expect(1, "an array of bytes") { keep([UInt8](repeating: 1, count: 4_096)) }
        }
        return faults
    }

    /// Allocates, to show that a threshold is passed by it.
    ///
    /// - Parameter count: how many objects.
    static func make(_ count: Int) {
        for number in 0..<count { keep(Box(number)) }
    }

    private final class Box {
        let number: Int

        init(_ number: Int) {
            self.number = number
        }
    }
}

/// Uses a value in a way that the compiler cannot see through, so that what made it is not left out.
///
/// - Parameter value: what an operation gave.
@inline(never)
@_optimize(none)
func keep<Value>(_ value: borrowing Value) {}
