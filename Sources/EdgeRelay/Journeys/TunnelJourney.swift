import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
import EdgeSystem
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import Logging
import NIOCore

/// A tunnel client: TLS ends here, the upgrade is read, the token verified, the names registered; then the carrier takes
/// over the engine and what it has read.
///
///     channel on the loop with the fewest tunnels -> OpeningHandler -> upgrade -> TunnelSession -> TunnelCarrierHandler
struct TunnelJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - insecure: whether it comes without TLS.
    func begin(_ connection: ArrivedConnection, insecure: Bool) {
        let rooms = self.rooms
        guard let loop = rooms.loops.withFewestTunnels else { return }
        var journey = OpeningJourney(rooms: rooms, connection: connection, decision: "tunnel", loop: loop)
        let timeouts = connection.plan.configuration.timeouts
        journey.endsTLS = !insecure
        journey.reads = .tunnel
        journey.patience = timeouts.authenticate
        let tunnels = self
        journey.begin { id in
            { plaintext, _ in tunnels.decide(connection, id, plaintext, on: loop) }
        }
    }

    /// Reads the upgrade.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - id: its identity.
    ///   - plaintext: what it said so far.
    ///   - loop: the loop where it lives.
    /// - Returns: to wait, to open the tunnel, or the refusal.
    func decide(
        _ connection: ArrivedConnection,
        _ id: ConnectionID,
        _ plaintext: ByteBuffer,
        on loop: RelayLoop
    ) -> OpeningHandler.Verdict {
        let limit = connection.plan.configuration.limits.preface.bytes
        switch WebSocketHandshake.readRequest(plaintext.readableBytesSpan, limit: limit) {
        case .needsBytes:
            return .wait
        case .refused(let refusal):
            let reason: CloseReason = refusal == .malformed ? .malformedRequest : .notAnUpgrade
            return .answer(self.answer(refusal, reason), reason)
        case .request(let request, let headLength):
            return self.upgrade(connection, id, request, plaintext, headLength, on: loop)
        }
    }

    private func upgrade(
        _ connection: ArrivedConnection,
        _ id: ConnectionID,
        _ request: WebSocketUpgradeRequest,
        _ plaintext: ByteBuffer,
        _ headLength: Int,
        on loop: RelayLoop
    ) -> OpeningHandler.Verdict {
        let claim = TunnelClaim(request)
        let member = TunnelMember(
            id: self.rooms.tunnels.nextID(),
            connection: id,
            loop: loop,
            profile: claim.profile,
            peer: connection.arrival.peer,
            meters: connection.meters
        )
        let session = TunnelSession(rooms: self.rooms, connection: connection, member: member, instance: claim.instance)
        do throws(TunnelRefusal) {
            guard self.rooms.tunnels.count < connection.plan.configuration.limits.tunnels else { throw .full }
            if let token = claim.token { try session.admit(token) }
        } catch {
            self.rooms.logger.info(
                "tunnel refused",
                metadata: [
                    "edge.peer": "\(connection.arrival.peer)", "edge.profile": "\(claim.profile.rawValue)",
                    "reason": "\(error.reason.rawValue)", "error": "\(error)",
                ]
            )
            return .answer(self.answer(error), error.reason)
        }
        let tunnels = self
        let rest = plaintext.getSlice(
            at: plaintext.readerIndex + headLength,
            length: plaintext.readableBytes - headLength
        )
        return .open { opening in tunnels.open(opening, session, id, request.key, rest ?? ByteBuffer()) }
    }

    private func open(
        _ opening: Opening,
        _ session: TunnelSession,
        _ id: ConnectionID,
        _ key: String,
        _ plaintext: ByteBuffer
    ) {
        opening.write(WebSocketHandshake.response(for: key))
        let carrier = TunnelCarrierHandler(
            settings: session.carrierSettings,
            engine: opening.engine,
            buffers: session.member.loop.buffers,
            meters: opening.meters,
            pulse: session.member.pulse,
            now: .now
        )
        opening.add(carrier)
        let member = session.member
        self.rooms.connections.update(id) { record in
            record.phase = .tunnel
            record.tunnel = member.id
            record.handle = TunnelHandle(member: member)
        }
        session.start(carrier, plaintext: plaintext)
    }

    private func answer(_ refusal: WebSocketUpgradeRefusal, _ reason: CloseReason) -> [UInt8] {
        let text =
            switch refusal {
            case .malformed: "The upgrade request could not be understood."
            case .headTooLong: "The upgrade request's header is larger than this relay reads."
            case .methodNotAllowed: "A tunnel begins with a GET request that upgrades to a WebSocket."
            case .notAnUpgrade, .unsupportedVersion: "This host takes WebSocket tunnels (RFC 6455, version 13) alone."
            }
        return WebSocketHandshake.refusal(
            status: refusal.status,
            reason: Self.title(refusal.status),
            extraFields: refusal.fields,
            body: "\(text)\nreason=\(reason.rawValue)\n"
        )
    }

    private func answer(_ refusal: TunnelRefusal) -> [UInt8] {
        WebSocketHandshake.refusal(
            status: refusal.status,
            reason: Self.title(refusal.status),
            extraFields: refusal.status == 503 ? [("Retry-After", "5"), Self.json] : [Self.json],
            body: "{\"error\":\(refusal.fault.json),\"reason\":\"\(refusal.reason.rawValue)\"}\n"
        )
    }

    private static let json = ("Content-Type", "application/json")

    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 426: "Upgrade Required"
        case 431: "Request Header Fields Too Large"
        default: "Service Unavailable"
        }
    }
}
