import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeMetering
import EdgeRouting
import EdgeSniffing
import EdgeSystem
import EdgeTLS
import EdgeTypes
import Logging
import NIOCore

/// Takes arrivals from the acceptor, decides by their first bytes, and sends each on its journey, on the loop where it
/// belongs.
///
/// Runs on the acceptor's thread; not a byte is consumed here.
struct FrontDoor: Sendable {
    let rooms: RelayRooms

    /// Says what to do with an arrival.
    ///
    /// - Parameters:
    ///   - arrival: the accepted descriptor.
    ///   - bytes: what was peeked.
    ///   - signal: why it is asked now.
    /// - Returns: the acceptor's orders.
    func decide(_ arrival: Arrival, _ bytes: RawSpan, _ signal: ArrivalSignal) -> ArrivalVerdict {
        guard let listener = self.rooms.listeners.listener(arrival.listener) else { return .close }
        let plan = self.rooms.plan.current
        if let port = listener.leasedPort { return self.decide(arrival, listener, plan, port) }
        let certificates = plan.certificates(of: listener.configuration.address)
        let planner = ArrivalPlanner(
            routes: plan.routes,
            sniffer: plan.sniffer,
            fallback: listener.configuration.fallback,
            insecureTunnel: plan.configuration.insecureTunnel,
            hasDefaultCertificate: certificates.fallback != nil,
            covers: { certificates.covers($0) },
            presence: { self.rooms.presence(of: $0) }
        )
        switch planner.plan(bytes, signal: signal) {
        case .wait(let count):
            return .wait(atLeast: count)
        case .refuse(let answer, let reason, let facts):
            return self.refuse(arrival, listener, facts, reason, answer)
        case .go(let decision, let facts):
            let connection = ArrivedConnection(
                arrival: arrival,
                listener: listener,
                plan: plan,
                certificates: certificates,
                facts: facts
            )
            return self.send(connection, decision, bytes)
        }
    }

    /// A public TCP port: whoever arrives goes to its tunnel, without a look.
    private func decide(
        _ arrival: Arrival,
        _ listener: RelayListener,
        _ plan: RelayPlan,
        _ port: UInt16
    ) -> ArrivalVerdict {
        let connection = ArrivedConnection(
            arrival: arrival,
            listener: listener,
            plan: plan,
            certificates: plan.certificates,
            facts: .nothing
        )
        guard self.rooms.connections.admit(arrival.peer), !self.rooms.budget.isTight else {
            return self.refuse(connection, .limit, [])
        }
        return .take { _ in PortJourney(rooms: self.rooms).begin(connection, port: port) }
    }

    private func send(_ connection: ArrivedConnection, _ decision: RoutingDecision, _ bytes: RawSpan) -> ArrivalVerdict
    {
        switch decision {
        case .refuse(let reason):
            return self.refuse(connection, reason, ownAnswer(to: reason, connection))
        case .redirect(let name):
            let target = RequestTarget.pathAndQuery(in: bytes)
            let port = self.rooms.listeners.securePort(besides: connection.listener)
            return self.refuse(connection, .answered, self.page(.secure(name, port: port, target: target), connection))
        case .notFoundPage(terminateTLS: false):
            return self.refuse(connection, .unknownName, self.page(.unknownName(connection.facts.name), connection))
        case .unavailable(let name, let lastSeen, terminateTLS: false):
            let page = HTTPPage.away(name, lastSeen: HTTPDate.field(unixSeconds: lastSeen))
            return self.refuse(connection, .tunnelAway, self.page(page, connection))
        default:
            break
        }
        guard self.hasRoom(for: connection, decision) else {
            let isTLS = connection.facts.applicationProtocol == .tls
            return self.refuse(
                connection,
                .limit,
                isTLS ? TLSAlert.internalError.record() : self.page(.full, connection)
            )
        }
        let head = self.preamble(decision, bytes, connection)
        return .take { _ in self.rooms.journeys.begin(connection, decision, preamble: head) }
    }

    /// Whether limits leave room; an operator may look while visitors are refused for what waits.
    private func hasRoom(for connection: ArrivedConnection, _ decision: RoutingDecision) -> Bool {
        guard self.rooms.connections.admit(connection.arrival.peer) else { return false }
        return decision == .serveAdmin || !self.rooms.budget.isTight
    }

    /// The head that goes on in place of the visitor's own, for a certificate authority's challenge.
    private func preamble(_ decision: RoutingDecision, _ bytes: RawSpan, _ connection: ArrivedConnection) -> [UInt8]? {
        guard case .forwardChallenge = decision, let preface = connection.facts.preface else { return nil }
        return HTTPPreface.closingHead(of: bytes.extracting(0..<min(preface.headLength, bytes.byteCount)))
    }

    private func ownAnswer(to reason: CloseReason, _ connection: ArrivedConnection) -> [UInt8] {
        switch connection.facts.applicationProtocol {
        case .tls: TLSAlert.unrecognizedName.record()
        case .http, .webSocket: self.page(.unknownName(connection.facts.name), connection)
        case .http2, .ssh, .opaque: []
        }
    }

    private func page(_ page: HTTPPage, _ connection: ArrivedConnection) -> [UInt8] {
        page.bytes(
            asJSON: connection.facts.preface?.wantsJSON ?? false,
            withBody: connection.facts.preface?.method != "HEAD"
        )
    }

    private func refuse(_ connection: ArrivedConnection, _ reason: CloseReason, _ answer: [UInt8]) -> ArrivalVerdict {
        self.refuse(connection.arrival, connection.listener, connection.facts, reason, answer)
    }

    /// One line with the reason, and the acceptor answers.
    private func refuse(
        _ arrival: Arrival,
        _ listener: RelayListener,
        _ facts: ArrivalFacts,
        _ reason: CloseReason,
        _ answer: [UInt8]
    ) -> ArrivalVerdict {
        self.rooms.logger.log(
            level: reason == .answered ? .debug : .info,
            "connection refused",
            metadata: [
                "edge.peer": "\(arrival.peer)", "edge.listener": "\(listener.name)", "reason": "\(reason.rawValue)",
                "edge.protocol": "\(facts.applicationProtocol.rawValue)",
                "edge.name": "\(facts.name?.text ?? facts.hello?.rawServerName ?? facts.preface?.rawHost ?? "-")",
            ]
        )
        guard !answer.isEmpty else { return .close }
        self.rooms.refusals.began(arrival, listener, facts, reason)
        return .refuse(answer)
    }
}
