import EdgeTypes

/// When names without a tunnel were last served; the newest are kept.
struct LastSeenNames: Sendable {
    private struct Sighting {
        let pattern: HostnamePattern
        let unixSeconds: Int
        let order: UInt64
    }

    private let limit: Int
    private var sightings: [NameKey: Sighting] = [:]
    /// Names in the order they were last seen; an entry whose order is not the name's any more is stale.
    private var queue: [(key: NameKey, order: UInt64)] = []
    private var head = 0
    private var lastOrder: UInt64 = 0

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Names with the time they were last seen, in Unix seconds.
    var all: [(pattern: HostnamePattern, unixSeconds: Int)] {
        self.sightings.values.map { ($0.pattern, $0.unixSeconds) }
    }

    func unixSeconds(of key: NameKey) -> Int? {
        self.sightings[key]?.unixSeconds
    }

    mutating func note(_ pattern: HostnamePattern, at unixSeconds: Int) {
        let key = NameKey(pattern)
        self.lastOrder &+= 1
        self.sightings[key] = Sighting(pattern: pattern, unixSeconds: unixSeconds, order: self.lastOrder)
        self.queue.append((key, self.lastOrder))
        while self.sightings.count > self.limit, self.head < self.queue.count {
            self.forgetIfCurrent(self.queue[self.head])
            self.head += 1
        }
        // Names that come and go leave stale entries; twice the limit keeps the sweep rare and the queue small.
        guard self.queue.count > 2 * self.limit else { return }
        self.queue = self.queue[self.head...].filter { self.sightings[$0.key]?.order == $0.order }
        self.head = 0
    }

    mutating func forget(_ pattern: HostnamePattern) {
        self.sightings[NameKey(pattern)] = nil
    }

    private mutating func forgetIfCurrent(_ entry: (key: NameKey, order: UInt64)) {
        guard self.sightings[entry.key]?.order == entry.order else { return }
        self.sightings[entry.key] = nil
    }
}
