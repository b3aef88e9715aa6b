import Synchronization

/// The counters of one connection: what went over its socket, and the payload in it, both ways, in one allocation.
///
/// Received is what came from the peer to us, sent is what went from us to the peer. Raw counts the socket's bytes, TLS
/// included; payload counts what was carried for someone: a stream's bytes, without headers and records. Of a connection
/// that passes through both are the same bytes. As with ``Meter``, one event loop adds and any thread reads.
package final class ConnectionMeters: Sendable {
    private let rawReceived = Atomic<Int>(0)
    private let rawSent = Atomic<Int>(0)
    private let payloadReceived = Atomic<Int>(0)
    private let payloadSent = Atomic<Int>(0)

    /// Creates meters that stand at zero.
    package init() {}

    /// Adds bytes read from the socket.
    ///
    /// Called by the connection's owner only.
    ///
    /// - Parameter count: bytes.
    package func addRawReceived(_ count: Int) {
        self.rawReceived.store(self.rawReceived.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Adds bytes written to the socket.
    ///
    /// Called by the connection's owner only.
    ///
    /// - Parameter count: bytes.
    package func addRawSent(_ count: Int) {
        self.rawSent.store(self.rawSent.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Adds payload that came from the peer.
    ///
    /// Called by the connection's owner only.
    ///
    /// - Parameter count: bytes.
    package func addPayloadReceived(_ count: Int) {
        self.payloadReceived.store(self.payloadReceived.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Adds payload that went to the peer.
    ///
    /// Called by the connection's owner only.
    ///
    /// - Parameter count: bytes.
    package func addPayloadSent(_ count: Int) {
        self.payloadSent.store(self.payloadSent.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// What went over the socket so far.
    package var raw: MeterReading {
        MeterReading(
            received: UInt64(truncatingIfNeeded: self.rawReceived.load(ordering: .relaxed)),
            sent: UInt64(truncatingIfNeeded: self.rawSent.load(ordering: .relaxed))
        )
    }

    /// What was carried so far.
    package var payload: MeterReading {
        MeterReading(
            received: UInt64(truncatingIfNeeded: self.payloadReceived.load(ordering: .relaxed)),
            sent: UInt64(truncatingIfNeeded: self.payloadSent.load(ordering: .relaxed))
        )
    }
}
