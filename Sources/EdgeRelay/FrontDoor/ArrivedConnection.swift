import EdgeMetering
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// An arrival whose way is known: what is known of it for as long as it lives.
final class ArrivedConnection: Sendable {
    /// The accepted descriptor and where it came from.
    let arrival: Arrival
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

    init(
        arrival: Arrival,
        listener: RelayListener,
        plan: RelayPlan,
        certificates: CertificateStore,
        facts: ArrivalFacts
    ) {
        self.arrival = arrival
        self.listener = listener
        self.plan = plan
        self.certificates = certificates
        self.facts = facts
    }

    /// The port that the visitor dialled; zero for a Unix domain socket.
    var servicePort: UInt16 { self.arrival.local.port }
}
