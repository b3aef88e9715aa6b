import EdgeConfiguration
import EdgeRouting
import EdgeSystem
import EdgeTypes
import Synchronization

/// A bound socket of the relay.
final class RelayListener: Sendable {
    /// Who wants a listener.
    enum Origin: Sendable, Hashable {
        /// The configuration: a reload may close it.
        case configuration
        /// A call: it stays until a call takes it back.
        case call
        /// A tunnel's token: a public TCP port, where first bytes are not looked at.
        case lease(port: UInt16)
    }

    /// What the acceptor calls it.
    let id: ListenerID
    /// Who wants it.
    let origin: Origin
    /// What the operator wrote.
    let configuration: ListenerConfiguration
    /// Where it is bound, with the port that the system gave.
    let bound: SocketEndpoint
    /// The same in words, as the log and the table have it.
    let name: String
    /// Connections accepted so far.
    let accepted = Atomic<Int>(0)

    init(id: ListenerID, origin: Origin, configuration: ListenerConfiguration, bound: SocketEndpoint) {
        self.id = id
        self.origin = origin
        self.configuration = configuration
        self.bound = bound
        self.name = bound.description
    }

    /// The public TCP port of a tunnel; nil where first bytes are looked at.
    var leasedPort: UInt16? {
        guard case .lease(let port) = self.origin else { return nil }
        return port
    }
}
