import EdgeRouting
import EdgeSniffing
import EdgeTypes

/// What the front door does with an arrival, given its first bytes.
enum ArrivalAction: Sendable {
    /// More bytes are needed, so many in all.
    case wait(atLeast: Int)
    /// These bytes are the answer.
    case refuse([UInt8], CloseReason, ArrivalFacts)
    /// It goes on its way.
    case go(RoutingDecision, ArrivalFacts)
}

/// What the first bytes told, for the log and the table of connections.
struct ArrivalFacts: Sendable {
    /// What the connection speaks.
    var applicationProtocol: ApplicationProtocol
    /// The name that it asks for.
    var name: Hostname?
    /// The head of the request, where there is one.
    var preface: HTTPPreface?
    /// What the greeting offered, where there is one.
    var hello: ClientHello?

    /// Facts of a connection that said nothing that is understood.
    static let nothing = ArrivalFacts(applicationProtocol: .opaque)
}
