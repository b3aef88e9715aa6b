package import EdgeTypes

/// Why the first bytes of a connection are refused; always the peer's fault.
package enum SniffingError: Error, Equatable, Sendable {
    /// The peer's ClientHello is longer than the limit, in bytes.
    case prefaceTooLarge(actual: Int, limit: Int)
    /// The peer's request head is longer than the limit, in bytes; actual is what is certain so far.
    case headTooLarge(actual: Int, limit: Int)
    /// The peer's ClientHello breaks its rules.
    case malformedHello(HelloBreach)
    /// The peer's request head breaks its rules.
    case malformedRequest(RequestBreach)

    /// The reason that stands in the log.
    package var closeReason: CloseReason {
        switch self {
        case .prefaceTooLarge, .headTooLarge: .prefaceTooLarge
        case .malformedHello: .malformedHello
        case .malformedRequest: .malformedRequest
        }
    }

    /// The status that answers a request, or nil where the peer spoke TLS (RFC 9110 §15.5.1, RFC 6585 §5).
    package var statusCode: Int? {
        switch self {
        case .prefaceTooLarge, .malformedHello: nil
        case .headTooLarge: 431
        case .malformedRequest: 400
        }
    }

    /// The alert that answers a hello, or nil where the peer spoke HTTP (RFC 8446 §6.2).
    package var alert: TLSAlert? {
        switch self {
        case .prefaceTooLarge: .decodeError
        case .malformedHello(let breach): breach.alert
        case .headTooLarge, .malformedRequest: nil
        }
    }
}
