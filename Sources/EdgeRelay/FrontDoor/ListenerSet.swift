import EdgeConfiguration
import EdgeRouting
import EdgeSystem
import EdgeTypes
import Synchronization

/// The listeners that are open.
final class ListenerSet: Sendable {
    private struct State {
        var next = 1
        var open: [ListenerID: RelayListener] = [:]
    }

    private let acceptor: Acceptor
    private let state = Mutex(State())

    init(acceptor: Acceptor) {
        self.acceptor = acceptor
    }

    /// All listeners, in the order in which they were opened.
    var all: [RelayListener] {
        self.state.withLock { state in state.open.values.sorted { $0.id.rawValue < $1.id.rawValue } }
    }

    /// Finds a listener.
    ///
    /// - Parameter id: what the acceptor calls it.
    /// - Returns: the listener, or nil once it is closed.
    func listener(_ id: ListenerID) -> RelayListener? {
        self.state.withLock { $0.open[id] }
    }

    /// The port that a redirect to https names: 443 where it is served, else the port of a listener other than the one
    /// that was asked, else its own (every listener speaks every protocol).
    ///
    /// - Parameter listener: the listener that was asked over http.
    /// - Returns: a port.
    func securePort(besides listener: RelayListener) -> UInt16 {
        let ports = self.all.compactMap { $0.bound.port }
        if ports.contains(443) { return 443 }
        return self.all.first { $0.id != listener.id && $0.bound.port != nil && $0.bound.port != 80 }?.bound.port
            ?? listener.bound.port ?? 443
    }

    /// The port that https is shown with: 443 where it is served, else that of the first listener.
    var securePort: UInt16 {
        let ports = self.all.compactMap { $0.bound.port }
        return ports.contains(443) ? 443 : ports.first ?? 443
    }

    /// The port that http is shown with: 80 where it is served, else that of the last listener.
    var plainPort: UInt16 {
        let ports = self.all.compactMap { $0.bound.port }
        return ports.contains(80) ? 80 : ports.last ?? 80
    }

    /// Lets the acceptor serve a bound listener.
    ///
    /// - Parameter bound: the socket; it is the acceptor's from now on.
    /// - Returns: the listener.
    func open(_ bound: BoundListener) -> RelayListener {
        let listener = self.state.withLock { state in
            let listener = RelayListener(
                id: ListenerID(rawValue: state.next),
                configuration: bound.configuration,
                bound: bound.socket.endpoint
            )
            state.next += 1
            state.open[listener.id] = listener
            return listener
        }
        self.acceptor.add(bound.socket, id: listener.id, peeks: true)
        return listener
    }

    /// Gives an open listener other treatment; its socket stays bound.
    ///
    /// - Parameters:
    ///   - id: what the acceptor calls it.
    ///   - configuration: what the operator wrote now.
    func replace(_ id: ListenerID, with configuration: ListenerConfiguration) {
        self.state.withLock { state in
            guard let old = state.open[id] else { return }
            let listener = RelayListener(id: id, configuration: configuration, bound: old.bound)
            listener.accepted.store(old.accepted.load(ordering: .relaxed), ordering: .relaxed)
            state.open[id] = listener
        }
    }

    /// Closes a listener: it accepts no more; its connections go on.
    ///
    /// - Parameter id: what the acceptor calls it.
    func close(_ id: ListenerID) {
        guard self.state.withLock({ $0.open.removeValue(forKey: id) }) != nil else { return }
        self.acceptor.remove(id)
    }
}
