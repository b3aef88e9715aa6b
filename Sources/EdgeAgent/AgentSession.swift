import EdgeConfiguration
import EdgeTunnel
import EdgeTypes
import Logging

/// What the relay says to the client while the tunnel is up.
///
/// Confined to the tunnel's loop.
final class AgentSession {
    private static let goingAway = "E_GOING_AWAY"

    private let services: [LocalService]
    private let relay: RelayURL
    private let logger: Logger
    private let announcer: Announcer
    private let tell: @Sendable (AttemptNews) -> Void
    private var unreachable: Set<LocalService> = []
    private var fault: ControlFault?
    private var isGoingAway = false

    init(
        services: [LocalService],
        relay: RelayURL,
        logger: Logger,
        announcer: Announcer,
        tell: @escaping @Sendable (AttemptNews) -> Void
    ) {
        self.services = services
        self.relay = relay
        self.logger = logger
        self.announcer = announcer
        self.tell = tell
    }

    /// Takes a control message.
    ///
    /// - Parameter message: what the relay said.
    /// - Returns: what to answer.
    func received(_ message: ControlMessage) -> ControlMessage? {
        switch message {
        case .hello(let id, _, _):
            return .reply(id: id)
        case .grant(let id, let grants):
            self.show(grants)
            return .reply(id: id)
        case .fault(let fault):
            self.received(fault)
            return nil
        case .unknown(let id, let command):
            return .reply(id: id, fault: .unknownCommand(command))
        case .reply, .addToken, .deleteToken, .auth, .accessToken, .malformed:
            return nil
        }
    }

    private func received(_ fault: ControlFault) {
        self.fault = fault
        let isGoingAway = fault.code == Self.goingAway
        self.logger.log(
            level: isGoingAway ? .info : .warning,
            "the relay says",
            metadata: ["code": "\(fault.code)", "message": "\(fault.message)"]
        )
        guard isGoingAway, !self.isGoingAway else { return }
        self.isGoingAway = true
        self.tell(.goingAway(hint: fault.retry.map { .seconds($0) }))
    }

    /// Shows what is new among the public addresses, and warns of a service that has none.
    private func show(_ grants: [ControlGrant]) {
        for service in self.services {
            let shown = PublicAddress.all(grants, services: [service], of: self.services, relay: self.relay)
            for address in shown { self.announcer.tell(address) }
            guard shown.isEmpty, self.unreachable.insert(service).inserted else { continue }
            self.logger.warning(
                "the relay sends no visitors to a service",
                metadata: ["edge.service": "\(service)", "edge.hint": "\(Self.hint(service))"]
            )
        }
    }

    /// What may mend a service that nobody reaches.
    private static func hint(_ service: LocalService) -> String {
        switch service.exposure {
        case .names(.exact(let name)) where service.kind == .ssh:
            "no certificate of the relay covers \(SSHName.label)\(name), and it has no default one"
        case .names: "its route there may redirect, or pass TLS through"
        case .port(let port): "port \(port) was not granted: the token must list it, and the relay must have it free"
        case .pool: "no port was granted: the token must say \"tcp\": true, and the relay's pool must have one free"
        }
    }

    /// How the tunnel ended.
    ///
    /// - Parameter reason: what the carrier saw.
    /// - Returns: the end of the attempt, with what the relay had said.
    func end(_ reason: CloseReason) -> AttemptNews.End {
        AttemptNews.End(
            text: "the tunnel ended (\(self.fault?.code ?? reason.rawValue))",
            hint: self.fault?.retry.map { .seconds($0) }
        )
    }
}
