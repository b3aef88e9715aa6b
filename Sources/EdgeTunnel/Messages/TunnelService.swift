/// What a packet is for, or what a stream speaks: the fifth field of a header.
package enum TunnelService: Sendable, Hashable, CaseIterable {
    /// Bytes of plain HTTP.
    case http
    /// Bytes of TLS for a name.
    case https
    /// Bytes of TLS.
    case tls
    /// Bytes of SSH.
    case ssh
    /// Bytes of whatever kind.
    case tcp
    /// Bytes, kind not said: the empty word.
    case data
    /// The sender will send no more on the stream.
    case end
    /// The stream failed on the sender's side.
    case error
    /// The receiver is to stop reading what feeds the stream.
    case pause
    /// The receiver may read again.
    case resume
    /// A message about the tunnel itself.
    case control
    /// A stream begins that has no bytes yet.
    case connection
    /// A word that is not known: bytes of whatever kind.
    case other

    /// The word on the wire; empty for bytes of no known kind.
    package var word: StaticString {
        switch self {
        case .http: "http"
        case .https: "https"
        case .tls: "tls"
        case .ssh: "ssh"
        case .tcp: "tcp"
        case .data, .other: ""
        case .end: "end"
        case .error: "error"
        case .pause: "pause"
        case .resume: "resume"
        case .control: "control"
        case .connection: "connection"
        }
    }

    /// Whether packets of the service carry bytes of the stream.
    package var carriesData: Bool {
        switch self {
        case .http, .https, .tls, .ssh, .tcp, .data, .other: true
        case .end, .error, .pause, .resume, .control, .connection: false
        }
    }

    /// Reads a word, without regard to case.
    ///
    /// - Parameter utf8: the word, without white space around it.
    package init(utf8: RawSpan) {
        guard utf8.byteCount > 0 else {
            self = .data
            return
        }
        for service in Self.words where utf8.equals(service.word) {
            self = service
            return
        }
        self = .other
    }

    /// Services with a word, the frequent ones first.
    private static let words: [TunnelService] = [
        .https, .http, .tcp, .end, .error, .pause, .resume, .control, .connection, .tls, .ssh,
    ]
}
