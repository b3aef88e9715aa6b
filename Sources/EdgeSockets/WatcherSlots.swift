/// Watchers by a number that the kernel gives back with their events.
///
/// A place is used again, but never under the same number before 2³² others: an event of a socket that was closed in the
/// same turn finds nobody.
struct WatcherSlots {
    /// Where a watcher is kept.
    struct Place: Equatable {
        let index: UInt32
        let generation: UInt32

        /// The place out of a token of the kernel's queue.
        init(token: UInt64) {
            self.index = UInt32(truncatingIfNeeded: token)
            self.generation = UInt32(truncatingIfNeeded: token >> 32)
        }

        init(index: UInt32, generation: UInt32) {
            self.index = index
            self.generation = generation
        }

        /// The token that the kernel gives back.
        var token: UInt64 { UInt64(self.generation) << 32 | UInt64(self.index) }
    }

    /// The token that stands for no watcher: the loop's own bell.
    static let bell = UInt64.max

    private struct Slot {
        var watcher: SocketWatcher?
        var generation: UInt32 = 0
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private(set) var count = 0

    /// Keeps a watcher.
    mutating func insert(_ watcher: SocketWatcher) -> Place {
        self.count += 1
        if let index = self.free.popLast() {
            self.slots[Int(index)].watcher = watcher
            return Place(index: index, generation: self.slots[Int(index)].generation)
        }
        self.slots.append(Slot(watcher: watcher))
        return Place(index: UInt32(self.slots.count - 1), generation: 0)
    }

    /// Whoever is kept at a place; nil where that one has left.
    func watcher(at place: Place) -> SocketWatcher? {
        let index = Int(place.index)
        guard index < self.slots.count, self.slots[index].generation == place.generation else { return nil }
        return self.slots[index].watcher
    }

    /// Puts another watcher in a place.
    mutating func replace(at place: Place, with watcher: SocketWatcher) {
        guard self.watcher(at: place) != nil else { return }
        self.slots[Int(place.index)].watcher = watcher
    }

    /// Lets a watcher go.
    mutating func remove(_ place: Place) {
        guard self.watcher(at: place) != nil else { return }
        self.slots[Int(place.index)].watcher = nil
        self.slots[Int(place.index)].generation &+= 1
        self.free.append(place.index)
        self.count -= 1
    }

    /// Everybody who is kept.
    var all: [SocketWatcher] { self.slots.compactMap(\.watcher) }
}
