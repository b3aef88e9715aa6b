/// Where a meter stood at an instant.
package struct MeterReading: Sendable, Hashable, Codable {
    /// Bytes that came from the peer to us.
    package let received: UInt64
    /// Bytes that went from us to the peer.
    package let sent: UInt64

    /// Creates a reading.
    ///
    /// - Parameters:
    ///   - received: bytes from the peer to us.
    ///   - sent: bytes from us to the peer.
    package init(received: UInt64, sent: UInt64) {
        self.received = received
        self.sent = sent
    }

    /// The reading of a new meter.
    package static let zero = MeterReading(received: 0, sent: 0)

    /// Bytes of both ways together.
    package var total: UInt64 {
        let (sum, overflow) = self.received.addingReportingOverflow(self.sent)
        return overflow ? UInt64.max : sum
    }

    /// Adds two readings, each way by itself.
    ///
    /// - Parameters:
    ///   - left: a reading.
    ///   - right: a reading.
    /// - Returns: the sums; a sum without a number is the largest one.
    package static func + (left: MeterReading, right: MeterReading) -> MeterReading {
        let (received, receivedOverflow) = left.received.addingReportingOverflow(right.received)
        let (sent, sentOverflow) = left.sent.addingReportingOverflow(right.sent)
        return MeterReading(
            received: receivedOverflow ? UInt64.max : received,
            sent: sentOverflow ? UInt64.max : sent
        )
    }

    /// Adds to a reading in place.
    ///
    /// - Parameters:
    ///   - left: the reading that grows.
    ///   - right: what is added.
    package static func += (left: inout MeterReading, right: MeterReading) {
        left = left + right
    }

    /// What was counted between two readings.
    ///
    /// - Parameters:
    ///   - left: the later reading.
    ///   - right: the earlier reading.
    /// - Returns: the differences; zero where the later one is the smaller.
    package static func - (left: MeterReading, right: MeterReading) -> MeterReading {
        MeterReading(
            received: left.received > right.received ? left.received - right.received : 0,
            sent: left.sent > right.sent ? left.sent - right.sent : 0
        )
    }
}
