/// What each generation can bear: the rows of the protocol's table "Serving all clients at once".
extension ScriptedClient.Shape {
    /// Whose request it is, by the first test that applies.
    ///
    /// - Parameter request: the head of an upgrade.
    package init(of request: String) {
        let head = HTTPHead(request)
        let (agent, target) = (head["User-Agent"].first ?? "", head.word(1))
        let authorization = head["Authorization"].first?.lowercased() ?? ""
        if agent.hasPrefix("rvpn/") {
            self = .agent
        } else if authorization.hasPrefix("bearer ") || target.contains("versions=") {
            self = .telebitGo
        } else if agent.hasPrefix("Go-http-client/") {
            self = .goClient
        } else if target.contains("access_token=") || authorization.hasPrefix("basic ") {
            self = .stunnel10
        } else {
            self = .telebit
        }
    }

    /// Whether hello comes, before anything else; the Go clients leave over it.
    var isGreeted: Bool {
        switch self {
        case .stunnel08, .stunnel10, .telebit, .agent: true
        case .telebitGo, .goClient: false
        }
    }

    /// How many fields a header has: `rvpn` leaves over seven, telebit.js wedges over five.
    var headerFields: Int {
        switch self {
        case .stunnel08, .stunnel10, .goClient: 5
        case .telebit, .telebitGo, .agent: 7
        }
    }

    /// How long the body of an end may be: stunnel's packer loses its framing over an empty one, and the Go client of
    /// telebit writes any into a new connection.
    var endBodies: ClosedRange<Int> {
        switch self {
        case .stunnel08, .stunnel10: 1...1
        case .telebit, .goClient: 0...1
        case .telebitGo, .agent: 0...0
        }
    }

    /// Whether `[-1,null]` says that it knows pause and resume.
    var learnsPause: Bool {
        switch self {
        case .stunnel08, .stunnel10, .telebit, .agent: true
        case .telebitGo, .goClient: false
        }
    }

    /// Whether it loses or reorders what follows a stream's first packet.
    var needsGate: Bool {
        switch self {
        case .stunnel08, .stunnel10, .telebit: true
        case .telebitGo, .goClient, .agent: false
        }
    }

    /// Whether it was ever offered a grant by its own servers.
    var knowsGrant: Bool {
        switch self {
        case .telebit, .agent: true
        case .stunnel08, .stunnel10, .telebitGo, .goClient: false
        }
    }

    /// The services that it has a callback for: telebit.js goes deaf over others.
    var services: Set<String> {
        switch self {
        case .telebit: ["http", "https", "tcp"]
        case .stunnel08, .stunnel10, .telebitGo, .goClient, .agent: ["http", "https", "tls", "tcp", "ssh"]
        }
    }
}
