import EdgeMetering
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// An arrival whose way is known, until its channel is made.
struct ArrivedConnection: Sendable {
    /// The accepted descriptor and where it came from.
    var arrival: Arrival
    /// The listener that accepted it.
    let listener: RelayListener
    /// The plan in force when it came: a reload changes nothing for it.
    let plan: RelayPlan
    /// The certificates of its listener.
    let certificates: CertificateStore
    /// What its first bytes told.
    let facts: ArrivalFacts
    /// What counts its bytes.
    let meters = ConnectionMeters()

    /// The same with the arrival as the acceptor hands it over.
    ///
    /// - Parameter arrival: the arrival, its descriptor no longer watched.
    /// - Returns: the connection.
    func taken(_ arrival: Arrival) -> ArrivedConnection {
        var taken = self
        taken.arrival = arrival
        return taken
    }

    /// The port that the visitor dialled; zero for a Unix domain socket.
    var servicePort: UInt16 { self.arrival.local.port }
}
