import EdgeAdmin
import EdgeTypes

/// Why a token's public TCP ports are not lent.
enum PortRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// A tunnel whose token another secret signed holds the port, or another client picked it.
    case taken(UInt16)
    /// `ports.reserved` holds the port.
    case reserved(UInt16)
    /// The token grants more than `ports.per_token`.
    case tooMany(actual: Int, limit: Int)
    /// No port of `ports.pool` is free.
    case poolEmpty
    /// The port cannot be bound.
    case fault(UInt16, ListenerFault)

    /// The token that stands in the log.
    var reason: CloseReason {
        switch self {
        case .taken: .portTaken
        case .fault(_, let fault) where fault.reason == .addressInUse: .portTaken
        case .poolEmpty: .limit
        case .fault(_, let fault) where fault.reason == .closing || fault.reason == .stopping: .limit
        case .reserved, .tooMany, .fault: .portRefused
        }
    }

    /// The status of a refused upgrade.
    var status: Int {
        switch self.reason {
        case .portTaken: 409
        case .limit: 503
        default: 403
        }
    }

    /// The code of the fault that a client reads.
    var code: String {
        switch self.reason {
        case .portTaken: "E_PORT_TAKEN"
        case .limit: "E_FULL"
        default: "E_INVALID_PORT"
        }
    }

    /// The refusal for a person.
    var description: String {
        switch self {
        case .taken(let port): "port \(port) is held by another client"
        case .reserved(let port): "port \(port) is reserved at this relay (ports.reserved)"
        case .tooMany(let actual, let limit):
            "the token grants \(actual) ports, \(limit) at most (ports.per_token)"
        case .poolEmpty: "no port of the pool is free (ports.pool)"
        case .fault(_, let fault) where fault.reason == .reserved: fault.description
        case .fault(let port, let fault): "port \(port) cannot be opened: \(fault)"
        }
    }
}
