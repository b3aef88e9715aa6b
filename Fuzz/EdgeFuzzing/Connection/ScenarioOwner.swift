import EdgeCarrier
import EdgeChannels
import EdgeForwarding
import EdgeTunnel
import EdgeTypes

/// The maker of a carrier: answers control messages as a relay does, and gives streams that the peer opens a service.
final class ScenarioOwner: CarrierOwner {

    /// Why the tunnel ended; once.
    private(set) var ended: [CloseReason] = []
    /// The carrier, for answers.
    weak var carrier: TunnelCarrierHandler?
    /// Makes the service of a stream that the peer opened, or refuses it.
    var open: ((CarrierStream) -> (any StreamEnd)?)?

    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? {
        self.open?(stream)
    }

    func controlReceived(_ message: ControlMessage) {
        switch message {
        case .addToken(let id, _), .deleteToken(let id, _):
            self.carrier?.send(.reply(id: id))
        case .auth(let id, _):
            self.carrier?.send(.reply(id: id, fault: .invalidToken))
        case .unknown(let id, let command):
            self.carrier?.send(.reply(id: id, fault: .unknownCommand(command)))
        case .malformed(let text):
            self.carrier?.send(.fault(.badCommand(text)))
        case .hello(let id, _, _), .grant(let id, _), .accessToken(let id, _):
            self.carrier?.send(.reply(id: id))
        case .reply, .fault:
            break
        }
    }

    func carrierEnded(_ reason: CloseReason) {
        self.ended.append(reason)
    }
}
