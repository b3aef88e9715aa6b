import EdgeChannels
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
import EdgeSystem
import EdgeTLS
import EdgeTypes
import Logging
import NIOCore

/// What the journeys that look at plaintext share: the channel, the engine with the certificate of the name, and the
/// handler that collects the first plaintext.
struct OpeningJourney {
    let rooms: RelayRooms
    let connection: ArrivedConnection
    /// One token for the log and the table.
    let decision: String
    /// The loop where the connection lives.
    let loop: RelayLoop
    /// Whether TLS ends here; false for a WebSocket in the clear.
    var endsTLS = true
    /// Time for what must follow the handshake; `timeouts.idle` where nil.
    var patience: Duration?
    /// Which reads the connection makes later.
    var reads = ChannelMaker.Reads.visitor
    /// Says when its reads should be small; nil while no tunnel is known that serves it.
    var pressure: ReadPressure?

    /// Begins.
    ///
    /// - Parameters:
    ///   - tunnel: the tunnel that serves the connection, if one does.
    ///   - decide: makes the decision for the connection of this identity, on its loop.
    func begin(
        tunnel: TunnelID? = nil,
        decide: @escaping @Sendable (ConnectionID) -> OpeningHandler.Decision
    ) {
        let maker = ChannelMaker(rooms: self.rooms)
        let record = maker.record(self.connection, self.decision, phase: .arriving, tunnel: tunnel)
        let journey = self
        maker.make(
            self.connection,
            on: self.loop,
            reads: self.reads,
            record: record,
            pressure: self.pressure
        ) { channel in
            try journey.setUp(channel, record.id, decide(record.id))
        }
    }

    private func setUp(_ channel: any Channel, _ id: ConnectionID, _ decide: @escaping OpeningHandler.Decision) throws {
        let rooms = self.rooms
        let connection = self.connection
        let timeouts = connection.plan.configuration.timeouts
        let handler = OpeningHandler(
            engine: self.endsTLS ? try self.engine() : nil,
            buffers: self.loop.buffers,
            meters: connection.meters,
            limit: connection.plan.configuration.limits.preface.bytes,
            deadline: self.endsTLS ? timeouts.handshake : timeouts.authenticate,
            patience: self.patience ?? timeouts.idle,
            decide: decide,
            ended: { reason in
                rooms.logger.log(
                    level: reason == .answered ? .debug : .info,
                    "connection ended before it was routed",
                    metadata: [
                        "edge.peer": "\(connection.arrival.peer)", "reason": "\(reason.rawValue)",
                        "edge.name": "\(connection.facts.name?.text ?? "-")",
                    ]
                )
                rooms.ended(connection, id, reason)
            }
        )
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// An engine with the certificate of the name, or the default one.
    private func engine() throws -> TLSEngine {
        let store = self.connection.certificates
        guard let context = store.context(for: self.connection.facts.name) ?? store.fallback else {
            throw ChannelError.operationUnsupported
        }
        return try TLSEngine(accepting: context)
    }
}
