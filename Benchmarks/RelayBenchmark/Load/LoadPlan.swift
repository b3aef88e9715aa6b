import FoundationEssentials

/// What a load process is to do, and whose cost it reads; passed to it as JSON.
struct LoadPlan: Codable {
    /// The kinds of load.
    enum Kind: String, Codable {
        /// Requests, answered one by one.
        case requests
        /// One answer without an end.
        case download
        /// One request without an end.
        case upload
        /// Handshakes of TLS, nothing inside.
        case handshakes
        /// Connections that ask once and then say nothing.
        case idle
        /// Tunnels that say nothing.
        case tunnels
    }

    /// What to do.
    var kind: Kind
    /// The port that is dialled.
    var port: UInt16
    /// The name that is asked for.
    var name: String
    /// Whether TLS is spoken.
    var tls: Bool
    /// How many connections there are at a time.
    var connections = 1
    /// Whether each carries one request only.
    var closes = false
    /// Whether sessions are resumed.
    var resumes = false
    /// Bytes of an answer.
    var answer = 1_024
    /// How long the timed window is, in seconds.
    var seconds = 4.0
    /// When all is given up, in seconds.
    var limit = 60.0
    /// Idle connections: how long after the last one memory is read, in seconds.
    var settle = 2.0
    /// Tunnels: what signs their tokens.
    var secret = ""
    /// The processes that are charged, with their descendants.
    var charged: [Int32] = []

    /// What comes of it; printed as JSON.
    struct Result: Codable {
        /// Repetitions in the window.
        var repetitions = 0
        /// Connections that failed, ever.
        var errors = 0
        /// Handshakes in the window that resumed a session.
        var resumed = 0
        /// Bytes moved in the window.
        var bytes = 0
        /// How long the window was, in seconds.
        var seconds = 0.0
        /// CPU that the charged processes took in the window, in seconds.
        var cpu = 0.0
        /// CPU that the load itself took in it, in seconds.
        var ownCPU = 0.0
        /// Idle connections that stayed, of those that were to.
        var open = 0
        /// Memory of the charged processes before and with them, in KiB (PSS).
        var memory: [Int] = []
        /// Whether the limit ended it.
        var isLate = false
    }
}
