import EdgeConnections
import EdgeForwarding
import EdgeSniffing
import EdgeSystem
import EdgeTypes
import Logging
import NIOCore

/// A refusal that is known only when the connection has left the acceptor: a tunnel that has just gone, a limit.
struct LateRefusal {
    let rooms: RelayRooms

    /// Refuses a connection that has no channel yet.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - reason: why.
    func refuse(_ connection: ArrivedConnection, _ reason: CloseReason) {
        guard let loop = self.rooms.loops.withFewestConnections else { return }
        let rooms = self.rooms
        let maker = ChannelMaker(rooms: rooms)
        let record = maker.record(connection, "refuse", phase: .arriving)
        maker.make(connection, on: loop, reads: .visitor, record: record) { channel in
            channel.closeFuture.whenComplete { _ in rooms.ended(connection, record.id, reason) }
            try LateRefusal(rooms: rooms).answer(connection, reason, on: channel)
        }
    }

    /// Answers on a channel whose pipeline is empty: a page for HTTP, an alert for TLS, else nothing.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - reason: why.
    ///   - channel: its channel, on its loop.
    /// - Throws: what the pipeline throws.
    func answer(_ connection: ArrivedConnection, _ reason: CloseReason, on channel: any Channel) throws {
        self.rooms.logger.info(
            "connection refused",
            metadata: ["edge.peer": "\(connection.arrival.peer)", "reason": "\(reason.rawValue)"]
        )
        let handler = LingeringClose(meters: connection.meters)
        try channel.pipeline.syncOperations.addHandler(handler)
        handler.answer(ByteBuffer(bytes: Self.bytes(connection.facts, reason)))
    }

    /// The answer in the visitor's own protocol.
    static func bytes(_ facts: ArrivalFacts, _ reason: CloseReason) -> [UInt8] {
        switch facts.applicationProtocol {
        case .tls:
            (reason == .tunnelAway ? TLSAlert.unrecognizedName : TLSAlert.internalError).record()
        case .http, .webSocket:
            Self.page(facts, reason).bytes(asJSON: facts.preface?.wantsJSON ?? false)
        case .http2, .ssh, .opaque:
            []
        }
    }

    /// The page for a reason.
    static func page(_ facts: ArrivalFacts, _ reason: CloseReason) -> HTTPPage {
        switch (reason, facts.name) {
        case (.limit, _): .full
        case (.tunnelAway, let name?), (.tunnelClosed, let name?):
            .away(name, lastSeen: HTTPDate.field(unixSeconds: UnixClock.seconds))
        case (_, let name): .upstreamFailed(name, reason: reason)
        }
    }
}
