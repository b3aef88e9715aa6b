import EdgeConfiguration
import EdgeSystem
import EdgeTypes
import Synchronization

/// A bound socket of the relay.
final class RelayListener: Sendable {
    /// What the acceptor calls it.
    let id: ListenerID
    /// What the operator wrote.
    let configuration: ListenerConfiguration
    /// Where it is bound, with the port that the system gave.
    let bound: SocketEndpoint
    /// The same in words, as the log and the table have it.
    let name: String
    /// Connections accepted so far.
    let accepted = Atomic<Int>(0)

    init(id: ListenerID, configuration: ListenerConfiguration, bound: SocketEndpoint) {
        self.id = id
        self.configuration = configuration
        self.bound = bound
        self.name = bound.description
    }
}
