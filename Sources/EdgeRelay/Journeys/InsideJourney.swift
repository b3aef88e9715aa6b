import EdgeConfiguration
import EdgeForwarding
import EdgeRouting
import EdgeSniffing
import EdgeSystem
import EdgeTLS
import EdgeTypes
import NIOCore

/// TLS that ends here before it is known where the connection goes: no server name, or a name that nobody holds.
///
///     channel -> OpeningHandler (handshake, first plaintext) -> Sniffer again, on the plaintext -> any other journey
struct InsideJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - decision: what the front door decided: to decide inside, or which page to show.
    func begin(_ connection: ArrivedConnection, _ decision: RoutingDecision) {
        let rooms = self.rooms
        guard let loop = rooms.loops.withFewestConnections else { return }
        var journey = OpeningJourney(rooms: rooms, connection: connection, decision: "inside", loop: loop)
        let timeouts = connection.plan.configuration.timeouts
        journey.patience = timeouts.sniff
        let inside = self
        journey.begin { id in
            { plaintext, _ in inside.decide(connection, decision, id, plaintext, on: loop) }
        }
    }

    private func decide(
        _ connection: ArrivedConnection,
        _ outside: RoutingDecision,
        _ id: ConnectionID,
        _ plaintext: ByteBuffer,
        on loop: RelayLoop
    ) -> OpeningHandler.Verdict {
        let rooms = self.rooms
        let planner = ArrivalPlanner(
            routes: connection.plan.routes,
            sniffer: connection.plan.sniffer,
            fallback: .refuse,
            insecureTunnel: false,
            hasDefaultCertificate: true,
            covers: { connection.certificates.covers($0) },
            presence: { rooms.presence(of: $0) }
        )
        switch planner.plan(plaintext.readableBytesSpan, signal: .bytes, insideTLS: true) {
        case .wait:
            return .wait
        case .refuse(let answer, let reason, _):
            return .answer(answer, reason)
        case .go(let decision, let facts):
            if case .decideInside = outside {
                return self.verdict(connection, decision, facts, id, plaintext, on: loop)
            }
            return self.verdict(connection, outside, facts, id, plaintext, on: loop)
        }
    }

    private func verdict(
        _ connection: ArrivedConnection,
        _ decision: RoutingDecision,
        _ facts: ArrivalFacts,
        _ id: ConnectionID,
        _ plaintext: ByteBuffer,
        on loop: RelayLoop
    ) -> OpeningHandler.Verdict {
        let rooms = self.rooms
        let joining = Joining(rooms: rooms, connection: connection, id: id, loop: loop)
        switch decision {
        case .serveAdmin:
            return .open { AdminJourney(rooms: rooms).open($0, connection, id) }
        case .upgradeTunnel:
            return TunnelJourney(rooms: rooms).decide(connection, id, plaintext, on: loop)
        case .forward(let name), .forwardChallenge(let name), .passThrough(let name), .terminate(let name):
            guard let member = rooms.chooseTunnel(name, connection.plan) else {
                return Self.answer(.away(name, lastSeen: HTTPDate.field(unixSeconds: UnixClock.seconds)), facts)
            }
            return .open { joining.join($0, to: member, name: name) }
        case .upstream(let endpoint, _):
            return .open { joining.join($0, to: endpoint) }
        case .unavailable(let name, let lastSeen, _):
            return Self.answer(.away(name, lastSeen: HTTPDate.field(unixSeconds: lastSeen)), facts)
        case .notFoundPage, .refuse, .redirect, .decideInside, .tunnelByFallback:
            return Self.answer(.unknownName(connection.facts.name ?? facts.name), facts)
        }
    }

    private static func answer(_ page: HTTPPage, _ facts: ArrivalFacts) -> OpeningHandler.Verdict {
        let bytes = page.bytes(asJSON: facts.preface?.wantsJSON ?? false, withBody: facts.preface?.method != "HEAD")
        return .answer(bytes, page.reason)
    }
}
