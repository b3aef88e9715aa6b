import Glibc

/// What an operation costs.
struct Measurement {
    /// The operation's name.
    let name: String
    /// Allocations of one repetition, or nil where they are not counted.
    let allocations: Double?
    /// Nanoseconds of CPU of one repetition, a number a sample, in order of size; empty where no time was taken.
    let nanoseconds: [Double]
    /// Bytes that one repetition works on.
    let bytes: Int

    /// Repetitions whose allocations are counted: what happens once in a hundred still shows.
    private static let counted = 200

    /// Measures an operation.
    ///
    /// - Parameters:
    ///   - operation: what to measure.
    ///   - extra: allocations to add to each repetition.
    ///   - samples: how many times are taken; zero for none.
    ///   - window: the least that a sample lasts, in nanoseconds.
    init(_ operation: Operation, extra: Int, samples: Int, window: Double) {
        // What is made once, at the first use, belongs to no repetition.
        operation.work(3)
        // What an operation sets up for all repetitions belongs to none of them.
        let setup = Allocations.count { operation.work(0) }
        let found =
            Allocations.count {
                operation.work(Self.counted)
                Allocations.make(extra * Self.counted)
            } - setup
        self.name = operation.name
        self.bytes = operation.bytes
        self.allocations = Allocations.areCounted ? Double(found) / Double(Self.counted) : nil
        guard samples > 0 else {
            self.nanoseconds = []
            return
        }
        var repetitions = 1
        var taken = Self.time(operation, repetitions)
        while taken < window, repetitions < 1 << 40 {
            repetitions = max(repetitions * 2, Int(Double(repetitions) * window / max(taken, 1)))
            taken = Self.time(operation, repetitions)
        }
        self.nanoseconds = (0..<samples).map { _ in Self.time(operation, repetitions) / Double(repetitions) }.sorted()
    }

    /// The middle of the samples, in nanoseconds.
    var median: Double? {
        self.nanoseconds.isEmpty ? nil : self.nanoseconds[self.nanoseconds.count / 2]
    }

    /// GiB of the operation's bytes in a second of CPU, or nil where a rate means nothing.
    var rate: Double? {
        guard let median, self.bytes > 0, median > 0 else { return nil }
        return Double(self.bytes) / median * 1e9 / Double(1 << 30)
    }

    /// Nanoseconds of CPU that this thread spends.
    private static func time(_ operation: Operation, _ repetitions: Int) -> Double {
        let start = self.now
        operation.work(repetitions)
        return self.now - start
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
