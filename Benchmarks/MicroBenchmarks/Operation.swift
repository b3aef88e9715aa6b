/// One thing that is timed and whose allocations are counted.
struct Operation {
    /// Its name in the table and in the file of thresholds: `room.what`.
    let name: String
    /// Bytes that one repetition works on; zero where a rate means nothing.
    let bytes: Int
    /// Does it as often as it is told.
    let work: (_ repetitions: Int) -> Void

    /// An operation that keeps nothing from one repetition to the next.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - body: one repetition.
    /// - Returns: the operation.
    static func single(_ name: String, _ body: @escaping () -> Void) -> Operation {
        Operation(name: name, bytes: 0) { repetitions in
            for _ in 0..<repetitions { body() }
        }
    }

    /// An operation that repeats itself, on state of its own.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - bytes: bytes that one repetition works on.
    ///   - work: all repetitions.
    /// - Returns: the operation.
    static func repeating(_ name: String, bytes: Int, _ work: @escaping (Int) -> Void) -> Operation {
        Operation(name: name, bytes: bytes, work: work)
    }
}
