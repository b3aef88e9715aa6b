import EdgeConfiguration
import EdgeTunnel
import EdgeTypes
import Logging

/// What the relay says to the client while the tunnel is up.
///
/// Confined to the tunnel's loop.
final class AgentSession {
    private let services: [LocalService]
    private let logger: Logger
    private let announce: @Sendable (String) -> Void
    private var announced: Set<String> = []
    private var unreachable: Set<LocalService> = []
    private var fault: ControlFault?

    init(services: [LocalService], logger: Logger, announce: @escaping @Sendable (String) -> Void) {
        self.services = services
        self.logger = logger
        self.announce = announce
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
            self.fault = fault
            self.logger.warning("the relay says", metadata: ["code": "\(fault.code)", "message": "\(fault.message)"])
            return nil
        case .unknown(let id, let command):
            return .reply(id: id, fault: .unknownCommand(command))
        case .reply, .addToken, .deleteToken, .auth, .accessToken, .malformed:
            return nil
        }
    }

    /// Shows what is new among the public addresses, and warns of a service that has none.
    private func show(_ grants: [ControlGrant]) {
        for url in PublicAddress.all(grants, services: self.services) where self.announced.insert(url).inserted {
            self.announce(url)
        }
        for service in self.services where PublicAddress.all(grants, services: [service]).isEmpty {
            guard self.unreachable.insert(service).inserted else { continue }
            self.logger.warning(
                "the relay sends no visitors to a service",
                metadata: [
                    "edge.service": "\(service)", "edge.hint": "its route there may redirect, or pass TLS through",
                ]
            )
        }
    }

    /// How the tunnel ended.
    ///
    /// - Parameter reason: what the carrier saw.
    /// - Returns: the end of the attempt, with what the relay had said.
    func end(_ reason: CloseReason) -> RelayDialer.End {
        RelayDialer.End(
            text: "the tunnel ended (\(self.fault?.code ?? reason.rawValue))",
            isRefusal: false,
            hint: self.fault?.retry.map { .seconds($0) }
        )
    }
}
