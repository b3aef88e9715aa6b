/// Why a connection ended or was refused: one token each, the same in logs, in the table of connections and on pages.
package enum CloseReason: String, Sendable, Hashable, CaseIterable {
    // Orderly ends.
    /// Both sides said that they were done.
    case finished
    /// The visitor went away before the upstream was done.
    case downstreamClosed = "downstream_closed"
    /// The visitor's connection was reset.
    case downstreamReset = "downstream_reset"
    /// The upstream (a tunnel's client or an address) ended the stream.
    case upstreamClosed = "upstream_closed"
    /// The upstream reported an error or reset the stream.
    case upstreamReset = "upstream_reset"

    // The first bytes.
    /// The first bytes name nobody that the relay serves.
    case unknownName = "unknown_name"
    /// TLS without a server name where none is served.
    case noServerName = "no_server_name"
    /// Nothing recognisable came within `timeouts.sniff`.
    case sniffTimeout = "sniff_timeout"
    /// The first bytes exceed `limits.preface`.
    case prefaceTooLarge = "preface_too_large"
    /// A ClientHello that breaks RFC 8446.
    case malformedHello = "malformed_hello"
    /// A request head that breaks RFC 9112.
    case malformedRequest = "malformed_request"
    /// A request for a name of another certificate than the connection's.
    case misdirected
    /// SSL 2.0 or 3.0.
    case obsoleteProtocol = "obsolete_protocol"
    /// The listener's fallback refuses what is neither TLS nor HTTP for a known name.
    case fallbackRefused = "fallback_refused"
    /// The connection was closed before it said anything.
    case silent
    /// The name's tunnel is not connected.
    case tunnelAway = "tunnel_away"
    /// The relay answered by itself: a page or a redirect.
    case answered

    // Termination.
    /// The TLS handshake failed.
    case handshakeFailed = "handshake_failed"
    /// The TLS handshake took longer than `timeouts.handshake`.
    case handshakeTimeout = "handshake_timeout"
    /// TLS ended without close_notify (RFC 8446 §6.1).
    case truncated
    /// A TLS failure after the handshake.
    case tlsFailed = "tls_failed"

    // The tunnel.
    /// A request to the tunnel host that is no WebSocket upgrade.
    case notAnUpgrade = "not_an_upgrade"
    /// The token is malformed, unsigned, or signed with an unknown key.
    case badToken = "bad_token"
    /// The token is past its `exp`, or not yet past its `nbf`.
    case tokenExpired = "token_expired"
    /// The token grants nothing here.
    case nothingGranted = "nothing_granted"
    /// Another identity holds the name.
    case nameTaken = "name_taken"
    /// Another client holds the public TCP port, or another process does.
    case portTaken = "port_taken"
    /// The relay does not lend the public TCP port, or not so many.
    case portRefused = "port_refused"
    /// No token within `timeouts.authenticate`.
    case authenticateTimeout = "authenticate_timeout"
    /// The peer broke RFC 6455.
    case webSocketViolation = "websocket_violation"
    /// The peer broke the tunnel's protocol.
    case tunnelViolation = "tunnel_violation"
    /// No sign of life within `timeouts.pong`.
    case pingTimeout = "ping_timeout"
    /// The client refused a stream and has read nothing since: it is to come back (`telebit.js`).
    case clientDeaf = "client_deaf"
    /// A newer connection of the same identity took its place.
    case takenOver = "taken_over"
    /// The tunnel ended, and its streams with it.
    case tunnelClosed = "tunnel_closed"

    // Limits and time.
    /// Nothing moved for longer than the idle limit.
    case idle
    /// A stream held its siblings for longer than `timeouts.stall`.
    case stalled
    /// A connection to an upstream could not be made.
    case connectFailed = "connect_failed"
    /// A connection to an upstream took longer than `timeouts.connect`.
    case connectTimeout = "connect_timeout"
    /// A limit on connections, tunnels, streams or memory was reached.
    case limit

    // The relay and its operator.
    /// The relay is stopping.
    case shutdown
    /// An operator asked for it.
    case operatorRequest = "operator"
    /// The relay failed.
    case internalError = "internal_error"

    /// Who ended the connection.
    package enum Party: String, Sendable, Hashable {
        /// The peer that was served.
        case downstream
        /// The tunnel's client or the address that served.
        case upstream
        /// This relay, by its rules.
        case relay
        /// A person.
        case `operator`
    }

    /// Who ended the connection.
    package var endedBy: Party {
        switch self {
        case .downstreamClosed, .downstreamReset, .silent, .truncated: .downstream
        case .finished, .upstreamClosed, .upstreamReset, .tunnelClosed: .upstream
        case .operatorRequest: .operator
        default: .relay
        }
    }
}
