/// Instants at which something is due, soonest first.
///
/// Nothing is taken out before its time: whoever asks finds out whether the entry still means something. The owner
/// calls ``compact(keeping:)`` when too many mean nothing any more.
package struct DeadlineHeap<Entry: Sendable, Moment: Comparable & Sendable>: Sendable {
    private var items: [(due: Moment, entry: Entry)] = []

    /// Creates an empty heap.
    package init() {}

    /// How many entries there are, whether they still mean something or not.
    package var count: Int { self.items.count }

    /// When the soonest entry is due; nil when there is none.
    package var next: Moment? { self.items.first?.due }

    /// Adds an entry, in time that grows with the logarithm of their number.
    ///
    /// - Parameters:
    ///   - entry: what is due.
    ///   - due: when.
    package mutating func insert(_ entry: Entry, due: Moment) {
        self.items.append((due, entry))
        self.rise(self.items.count - 1)
    }

    /// Takes out the soonest entry, if it is due.
    ///
    /// - Parameter now: the present instant.
    /// - Returns: the entry; nil when none is due.
    package mutating func takeDue(at now: Moment) -> Entry? {
        guard let first = self.items.first, first.due <= now else { return nil }
        self.items.swapAt(0, self.items.count - 1)
        self.items.removeLast()
        self.sink(0)
        return first.entry
    }

    /// Drops the entries that mean nothing any more, in time that grows with their number.
    ///
    /// - Parameter keeps: whether an entry stays.
    package mutating func compact(keeping keeps: (Entry) -> Bool) {
        self.items.removeAll { !keeps($0.entry) }
        for index in stride(from: self.items.count / 2, through: 0, by: -1) { self.sink(index) }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard self.items[index].due < self.items[parent].due else { return }
            self.items.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var soonest = index
            let left = 2 * index + 1
            let right = left + 1
            if left < self.items.count, self.items[left].due < self.items[soonest].due { soonest = left }
            if right < self.items.count, self.items[right].due < self.items[soonest].due { soonest = right }
            guard soonest != index else { return }
            self.items.swapAt(index, soonest)
            index = soonest
        }
    }
}
