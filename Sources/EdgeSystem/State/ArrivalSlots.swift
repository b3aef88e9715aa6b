/// The arrivals that the acceptor keeps, by number.
///
/// A number is used again, but never its key: an event or a deadline that was meant for an earlier arrival finds
/// nothing.
struct ArrivalSlots {
    /// Which arrival: its number, and how often the number was used before it.
    struct Key: Sendable, Hashable {
        /// The slot's number.
        let index: UInt32
        /// How often the slot was used before.
        let generation: UInt32
    }

    /// Generations in 30 bits, so that a key and two bits more fit the kernel's token.
    private static let generations: UInt32 = 0x3FFF_FFFF

    private struct Slot {
        var generation: UInt32 = 0
        var arrival: KeptArrival?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    /// How many arrivals are kept.
    var count: Int { self.slots.count - self.free.count }

    /// Keeps an arrival.
    mutating func insert(_ arrival: KeptArrival) -> Key {
        if let index = self.free.popLast() {
            self.slots[Int(index)].arrival = arrival
            return Key(index: index, generation: self.slots[Int(index)].generation)
        }
        self.slots.append(Slot(arrival: arrival))
        return Key(index: UInt32(self.slots.count - 1), generation: 0)
    }

    /// Whether a key still means an arrival.
    func contains(_ key: Key) -> Bool {
        self.slots.indices.contains(Int(key.index)) && self.slots[Int(key.index)].generation == key.generation
            && self.slots[Int(key.index)].arrival != nil
    }

    /// The arrival of a key; nil when it is gone.
    ///
    /// Setting replaces it, and does nothing when it is gone.
    subscript(key: Key) -> KeptArrival? {
        get { self.contains(key) ? self.slots[Int(key.index)].arrival : nil }
        set {
            guard self.contains(key), let newValue else { return }
            self.slots[Int(key.index)].arrival = newValue
        }
    }

    /// Forgets an arrival.
    mutating func remove(_ key: Key) {
        guard self.contains(key) else { return }
        self.slots[Int(key.index)].arrival = nil
        self.slots[Int(key.index)].generation = (key.generation &+ 1) & Self.generations
        self.free.append(key.index)
    }

    /// The keys of all arrivals.
    var keys: [Key] {
        self.slots.indices.compactMap { index in
            guard self.slots[index].arrival != nil else { return nil }
            return Key(index: UInt32(index), generation: self.slots[index].generation)
        }
    }
}
