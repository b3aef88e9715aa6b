/// How fast bytes moved between two readings, in bytes per second.
package struct TransferRate: Sendable, Hashable {
    /// Bytes per second from the peer to us.
    package let received: Double
    /// Bytes per second from us to the peer.
    package let sent: Double

    /// Compares two readings of one meter.
    ///
    /// - Parameters:
    ///   - earlier: the first reading.
    ///   - later: the second reading.
    ///   - elapsed: the time between them; zero or less gives a rate of zero.
    package init(from earlier: MeterReading, to later: MeterReading, over elapsed: Duration) {
        let seconds = elapsed / .seconds(1)
        guard seconds > 0 else {
            self.received = 0
            self.sent = 0
            return
        }
        let moved = later - earlier
        self.received = Double(moved.received) / seconds
        self.sent = Double(moved.sent) / seconds
    }
}
