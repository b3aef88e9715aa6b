import EdgeAdmin
import EdgeConfiguration
import EdgeRouting
import EdgeSystem
import EdgeTypes
import Synchronization

/// The listeners that are open: added and removed while the relay runs, each wish answered once.
final class ListenerSet: Sendable {
    /// What became of a wish.
    enum Registration: Sendable {
        /// It is open.
        case added(RelayListener)
        /// It was open already.
        case exists(RelayListener)
        /// It is not open.
        case fault(ListenerFault)
    }

    /// What stands at an endpoint.
    private enum Place {
        case open(ListenerID)
        /// Its socket is with the acceptor until its backlog is served; these wait for that.
        case closing([@Sendable () -> Void])
    }

    private struct State {
        var next = 1
        var open: [ListenerID: RelayListener] = [:]
        var places: [SocketEndpoint: Place] = [:]
        var isStopping = false

        /// Whether a listener was there whose socket may still be open.
        func isClosing(_ endpoint: SocketEndpoint) -> Bool {
            guard case .closing = self.places[endpoint] else { return false }
            return true
        }
    }

    private let acceptor: Acceptor
    private let state = Mutex(State())
    /// One wish at a time binds, so that of two equal ones the second finds what the first made.
    private let binding = Mutex(())

    init(acceptor: Acceptor) {
        self.acceptor = acceptor
    }

    /// All listeners, in the order in which they were opened.
    var all: [RelayListener] {
        self.state.withLock { $0.open }.values.sorted { $0.id.rawValue < $1.id.rawValue }
    }

    /// Finds a listener.
    ///
    /// - Parameter id: what the acceptor calls it.
    /// - Returns: the listener, or nil once it is closed.
    func listener(_ id: ListenerID) -> RelayListener? {
        self.state.withLock { $0.open[id] }
    }

    /// Finds a listener by its place.
    ///
    /// - Parameter endpoint: where it is bound.
    /// - Returns: the listener, or nil where none is open.
    func listener(at endpoint: SocketEndpoint) -> RelayListener? {
        self.state.withLock { state in
            guard case .open(let id) = state.places[endpoint] else { return nil }
            return state.open[id]
        }
    }

    /// Lets the acceptor serve a bound listener.
    ///
    /// - Parameters:
    ///   - bound: the socket; it is the acceptor's from now on.
    ///   - origin: who wants it.
    /// - Returns: the listener.
    func open(_ bound: BoundListener, origin: RelayListener.Origin = .configuration) -> RelayListener {
        let (listener, waiters): (RelayListener, [@Sendable () -> Void]) = self.state.withLock { state in
            let listener = RelayListener(
                id: ListenerID(rawValue: state.next),
                origin: origin,
                configuration: bound.configuration,
                bound: bound.socket.endpoint
            )
            state.next += 1
            state.open[listener.id] = listener
            let place = state.places.updateValue(.open(listener.id), forKey: listener.bound)
            guard case .closing(let waiters) = place else { return (listener, []) }
            return (listener, waiters)
        }
        for waiter in waiters { waiter() }
        self.acceptor.add(bound.socket, id: listener.id, peeks: listener.leasedPort == nil)
        return listener
    }

    /// Opens a listener, from any thread; a place whose old socket is still open is a fault.
    ///
    /// - Parameters:
    ///   - configuration: where, and what becomes of what arrives there.
    ///   - origin: who wants it.
    /// - Returns: what became of it.
    func registerNow(_ configuration: ListenerConfiguration, origin: RelayListener.Origin) -> Registration {
        self.binding.withLock { _ in
            let (answer, isClosing) = self.state.withLock { state in
                (Self.answer(configuration, origin, state), state.isClosing(configuration.address))
            }
            if let answer { return answer }
            do throws(SystemError) {
                guard let bound = try BoundListener.bind(configuration, isRaw: origin.isLease).first else {
                    return .fault(ListenerFault(.failed, "\(configuration.address) names no socket"))
                }
                return .added(self.open(bound, origin: origin))
            } catch {
                guard isClosing, case .addressInUse = error else { return .fault(ListenerFault(error)) }
                return .fault(ListenerFault(.closing, "\(configuration.address) is just being closed"))
            }
        }
    }

    /// Opens a listener; where one is just being closed, that is waited for.
    ///
    /// - Parameters:
    ///   - configuration: where, and what becomes of what arrives there.
    ///   - origin: who wants it.
    /// - Returns: what became of it.
    func register(_ configuration: ListenerConfiguration, origin: RelayListener.Origin) async -> Registration {
        while true {
            let answer = self.registerNow(configuration, origin: origin)
            guard case .fault(let fault) = answer, fault.reason == .closing else { return answer }
            await withCheckedContinuation { continuation in
                self.whenClosed(configuration.address) { continuation.resume() }
            }
        }
    }

    /// What is known without asking the system.
    private static func answer(
        _ configuration: ListenerConfiguration,
        _ origin: RelayListener.Origin,
        _ state: State
    ) -> Registration? {
        let address = configuration.address
        guard !state.isStopping else { return .fault(ListenerFault(.stopping, "the relay stops")) }
        if case .open(let id) = state.places[address], let listener = state.open[id],
            listener.origin.isLease == origin.isLease
        {
            return .exists(listener)
        }
        guard let port = address.port, port > 0 else { return nil }
        let other = state.open.values.first { $0.bound.port == port && $0.origin.isLease != origin.isLease }
        guard let other else { return nil }
        let holder = other.origin.isLease ? "a tunnel holds it" : "the relay listens at \(other.bound)"
        return .fault(ListenerFault(.reserved, "port \(port) cannot be given: \(holder)"))
    }

    /// Gives an open listener other treatment; its socket stays bound.
    ///
    /// - Parameters:
    ///   - id: what the acceptor calls it.
    ///   - configuration: what the operator wrote now.
    func replace(_ id: ListenerID, with configuration: ListenerConfiguration) {
        self.state.withLock { state in
            guard let old = state.open[id] else { return }
            let listener = RelayListener(
                id: id,
                origin: .configuration,
                configuration: configuration,
                bound: old.bound
            )
            listener.accepted.store(old.accepted.load(ordering: .relaxed), ordering: .relaxed)
            state.open[id] = listener
        }
    }

    /// Closes a listener: it accepts no more; its connections go on.
    ///
    /// - Parameters:
    ///   - id: what the acceptor calls it.
    ///   - closed: called once its place is free; at once where it is not open.
    func close(_ id: ListenerID, closed: (@Sendable () -> Void)? = nil) {
        let listener: RelayListener? = self.state.withLock { state in
            guard let listener = state.open.removeValue(forKey: id) else { return nil }
            state.places[listener.bound] = .closing(closed.map { [$0] } ?? [])
            return listener
        }
        guard let listener else {
            closed?()
            return
        }
        self.acceptor.remove(id) { self.free(listener.bound) }
    }

    /// Closes every listener; no wish is granted from here on.
    func closeAll() {
        self.state.withLock { $0.isStopping = true }
        for listener in self.all { self.close(listener.id) }
    }

    /// Forgets a listener whose socket the acceptor has given up.
    ///
    /// - Parameter id: what the acceptor calls it.
    func failed(_ id: ListenerID) {
        let bound = self.state.withLock { state in
            let bound = state.open.removeValue(forKey: id)?.bound
            if let bound { state.places[bound] = .closing([]) }
            return bound
        }
        if let bound { self.free(bound) }
    }

    private func whenClosed(_ endpoint: SocketEndpoint, _ closed: @escaping @Sendable () -> Void) {
        let isFree = self.state.withLock { state in
            guard case .closing(let waiters) = state.places[endpoint] else { return true }
            state.places[endpoint] = .closing(waiters + [closed])
            return false
        }
        if isFree { closed() }
    }

    private func free(_ endpoint: SocketEndpoint) {
        let waiters: [@Sendable () -> Void] = self.state.withLock { state in
            guard case .closing(let waiters) = state.places[endpoint] else { return [] }
            state.places[endpoint] = nil
            return waiters
        }
        for waiter in waiters { waiter() }
    }
}

extension RelayListener.Origin {
    /// Whether a tunnel's token wants it.
    var isLease: Bool {
        switch self {
        case .lease: true
        case .configuration, .call: false
        }
    }
}

extension ListenerFault {
    /// A fault of the system's.
    ///
    /// - Parameter error: what the system said.
    init(_ error: SystemError) {
        let reason: Reason =
            switch error {
            case .addressInUse: .addressInUse
            case .addressNotLocal, .hostNotFound: .notLocal
            case .portNeedsPrivilege, .permissionDenied: .noPermission
            default: .failed
            }
        self.init(reason, "\(error)")
    }
}
