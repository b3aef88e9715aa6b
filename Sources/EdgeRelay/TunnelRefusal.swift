import EdgeTokens
import EdgeTunnel
import EdgeTypes

/// Why a token, or an upgrade that shows it, is refused.
enum TunnelRefusal: Error, CustomStringConvertible {
    /// The token itself; the fault of whoever made it, or an attack.
    case token(TokenError)
    /// A name's holder showed a token of another secret.
    case nameTaken(HostnamePattern)
    /// A public TCP port is not lent.
    case port(PortRefusal)
    /// The tunnel ended meanwhile.
    case tunnelOver
    /// `limits.tunnels` is reached.
    case full

    /// The token that stands in the log.
    var reason: CloseReason {
        switch self {
        case .token(let error): error.closeReason
        case .nameTaken: .nameTaken
        case .port(let refusal): refusal.reason
        case .tunnelOver: .tunnelClosed
        case .full: .limit
        }
    }

    /// The status of a refused upgrade.
    var status: Int {
        switch self {
        case .token(let error): error.httpStatus
        case .nameTaken: 409
        case .port(let refusal): refusal.status
        case .tunnelOver, .full: 503
        }
    }

    /// What the client reads in a control packet, with the codes of the ancestors.
    var fault: ControlFault {
        switch self {
        case .token(.portNotAllowed(let ports, _)):
            ControlFault(message: "port \(ports) is not the token's secret's to grant", code: "E_INVALID_PORT")
        case .token(let error) where error.closeReason == .nothingGranted: .invalidName
        case .token: .invalidToken
        case .nameTaken(let pattern): ControlFault(message: "\(pattern) is taken", code: "E_NAME_TAKEN")
        case .port(let refusal): ControlFault(message: refusal.description, code: refusal.code)
        case .tunnelOver, .full: ControlFault(message: "the relay is full", code: "E_FULL")
        }
    }

    /// The refusal for an operator; no secret in it.
    var description: String {
        switch self {
        case .token(let error): error.description
        case .nameTaken(let pattern): "\(pattern) is held by a tunnel whose token another secret signed"
        case .port(let refusal): refusal.description
        case .tunnelOver: "the tunnel ended"
        case .full: "the relay holds as many tunnels as it may"
        }
    }
}
