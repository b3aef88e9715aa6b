/// How a request head breaks its rules; always the peer's fault.
package enum RequestBreach: Equatable, Sendable {
    /// The peer ended its half before the head was whole.
    case endedEarly
    /// A request line with more or fewer than three parts (RFC 9112 §3).
    case requestLine
    /// A target of none of the four forms, or with user information in it (RFC 9112 §3.2, RFC 9110 §4.2.4).
    case requestTarget
    /// A field line without a colon, or whose name is no token (RFC 9112 §5).
    case fieldName
    /// A field line that begins with white space (RFC 9112 §2.2, §5.2).
    case folding
    /// A carriage return without a line feed, or a zero byte (RFC 9112 §2.2, RFC 9110 §5.5).
    case forbiddenOctet
    /// Two Host fields that differ (RFC 9112 §3.2).
    case severalHosts
}
