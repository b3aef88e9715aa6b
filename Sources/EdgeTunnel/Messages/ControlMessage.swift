/// A message about the tunnel itself: the body of a `control` packet.
///
///     [id, "command", arguments …]    a request, id above zero
///     [-id, fault or null, result]    its answer
///     [0, fault]                      a fault that belongs to no request
package enum ControlMessage: Sendable, Hashable {
    /// The relay greets: which versions of the protocol it speaks, which commands it knows.
    case hello(id: Int, versions: [Int], commands: [String])
    /// The client adds a token, and the names that it grants. A duplicate is no fault.
    case addToken(id: Int, token: AccessToken)
    /// The client takes a token back, or all of them where it is nil.
    case deleteToken(id: Int, token: AccessToken?)
    /// A client without a token says who it is.
    case auth(id: Int, AuthenticationRequest)
    /// The relay tells what the tunnel may serve.
    case grant(id: Int, [ControlGrant])
    /// The relay gives the client a better token.
    case accessToken(id: Int, token: AccessToken)
    /// The answer to the request with this id (above zero); the fault is nil where all went well.
    case reply(id: Int, fault: ControlFault?, hasResult: Bool)
    /// A fault that belongs to no request.
    case fault(ControlFault)
    /// A request that nobody here knows.
    case unknown(id: Int, command: String)
    /// No control message; the text is its beginning, for the answer.
    case malformed(text: String)

    /// The relay's greeting to every client that takes one.
    package static let hello = ControlMessage.hello(id: 1, versions: [1], commands: ["add_token", "delete_token"])

    /// The answer to a request.
    ///
    /// - Parameters:
    ///   - id: the request's number.
    ///   - fault: what went wrong; nil where all went well.
    /// - Returns: the answer.
    package static func reply(id: Int, fault: ControlFault? = nil) -> ControlMessage {
        .reply(id: id, fault: fault, hasResult: false)
    }
}

extension ControlMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of message and its number; no token, nothing that the peer wrote freely.
    package var description: String {
        switch self {
        case .hello(let id, _, _): "hello \(id)"
        case .addToken(let id, _): "add_token \(id)"
        case .deleteToken(let id, let token): "delete_token \(id)\(token == nil ? " *" : "")"
        case .auth(let id, _): "auth \(id)"
        case .grant(let id, let grants): "grant \(id), \(grants.count) entries"
        case .accessToken(let id, _): "access_token \(id)"
        case .reply(let id, let fault, _): "reply \(id) \(fault?.code ?? "ok")"
        case .fault(let fault): "fault \(fault.code)"
        case .unknown(let id, _): "unknown command \(id)"
        case .malformed: "malformed"
        }
    }

    /// The same as the description.
    package var debugDescription: String { self.description }

    /// Nothing inside: tokens and free text stay out of dumps.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
