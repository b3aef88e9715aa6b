import EdgeRouting
import EdgeTunnel
import EdgeTypes

/// From a decision to the journey that carries it out.
///
/// Runs on the acceptor's thread; a journey goes on on its loop.
struct Journeys: Sendable {
    let rooms: RelayRooms

    /// Begins the journey of a connection.
    ///
    /// - Parameters:
    ///   - connection: the connection; its descriptor is ours.
    ///   - decision: where it goes.
    ///   - preamble: a head that goes on in place of the visitor's own, after which nothing is read.
    func begin(_ connection: ArrivedConnection, _ decision: RoutingDecision, preamble: [UInt8]? = nil) {
        switch decision {
        case .serveAdmin:
            AdminJourney(rooms: self.rooms).begin(connection)
        case .upgradeTunnel(let insecure):
            TunnelJourney(rooms: self.rooms).begin(connection, insecure: insecure)
        case .passThrough(let name):
            PassthroughJourney(rooms: self.rooms).begin(connection, name: name, service: .https)
        case .tunnelByFallback(let name, let asSSH):
            PassthroughJourney(rooms: self.rooms).begin(connection, name: name, service: asSSH ? .ssh : .tcp)
        case .forward(let name):
            PlainHTTPJourney(rooms: self.rooms).begin(connection, name: name, head: nil)
        case .forwardChallenge(let name):
            PlainHTTPJourney(rooms: self.rooms).begin(connection, name: name, head: preamble)
        case .terminate(let name):
            TerminatedJourney(rooms: self.rooms).begin(connection, name: name)
        case .upstream(let endpoint, let terminatesTLS):
            UpstreamJourney(rooms: self.rooms).begin(connection, to: endpoint, terminatesTLS: terminatesTLS)
        case .decideInside, .notFoundPage, .unavailable, .redirect, .refuse:
            InsideJourney(rooms: self.rooms).begin(connection, decision)
        }
    }
}
