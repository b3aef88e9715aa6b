package import EdgeTypes

/// Counts the arrivals that wait, in all and by address.
///
/// An IPv6 peer is counted by the 64 upper bits of its address, since whoever has one such network has every address
/// in it (RFC 6177 §2). Peers of a Unix socket are counted in all only.
package struct WaitingCensus: Sendable {
    /// What is said of one more.
    package enum Admission: Sendable, Hashable {
        /// It is counted.
        case admitted
        /// It is not: as many wait as may wait.
        case fullForAll
        /// It is not: as many wait from its address as may wait.
        case fullForAddress
    }

    /// How many wait.
    package private(set) var count = 0
    private var counts: [NetworkAddress: Int] = [:]

    /// Creates a census of nobody.
    package init() {}

    /// Counts one more, if it may wait.
    ///
    /// - Parameters:
    ///   - address: the peer's address; nil for a Unix socket.
    ///   - limit: most that may wait in all.
    ///   - limitPerAddress: most that may wait from one address.
    /// - Returns: whether it was counted.
    package mutating func enter(_ address: NetworkAddress?, limit: Int, limitPerAddress: Int) -> Admission {
        guard self.count < limit else { return .fullForAll }
        if let key = Self.key(address) {
            let known = self.counts[key, default: 0]
            guard known < limitPerAddress else { return .fullForAddress }
            self.counts[key] = known + 1
        }
        self.count += 1
        return .admitted
    }

    /// Counts one less.
    ///
    /// - Parameter address: the address that it entered with.
    package mutating func leave(_ address: NetworkAddress?) {
        self.count = max(0, self.count - 1)
        guard let key = Self.key(address), let known = self.counts[key] else { return }
        self.counts[key] = known > 1 ? known - 1 : nil
    }

    /// How many wait from an address.
    ///
    /// - Parameter address: a peer's address.
    /// - Returns: the number, its whole network of 64 bits counted for IPv6.
    package func count(from address: NetworkAddress) -> Int {
        self.counts[Self.key(address) ?? address, default: 0]
    }

    private static func key(_ address: NetworkAddress?) -> NetworkAddress? {
        guard let address, !address.isIPv4 else { return address }
        return NetworkAddress(high: address.high, low: 0)
    }
}
