import EdgeAdmin
import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeSystem
import EdgeTypes
import Logging
import Synchronization

/// A reload: first a list of changes, then applied in order, or not at all.
struct Reload {
    let relay: Relay
    let reading: PlanReader.Reading

    /// Applies what was read, or keeps what is in force and says which file and why.
    func apply() {
        let logger = self.relay.rooms.logger
        for problem in self.reading.problems where problem.isWarning { logger.warning("\(problem)") }
        guard let plan = self.reading.plan else {
            for problem in self.reading.problems where !problem.isWarning {
                logger.error(
                    "reload refused",
                    metadata: ["edge.file": "\(problem.file)", "error": "\(problem.description)"]
                )
            }
            return
        }
        let old = self.relay.rooms.plan.current.configuration
        let changes = ConfigurationChange.changes(from: old, to: plan.configuration)
        guard let opened = self.openListeners(old, plan.configuration) else { return }
        self.relay.rooms.plan.replace(with: plan)
        self.relay.rooms.connections.setLimits(Relay.connectionLimits(plan.configuration))
        self.relay.rooms.budget.setLimit(plan.configuration.limits.memory.bytes)
        self.relay.acceptor.replaceLimits(Relay.acceptorLimits(plan.configuration))
        self.closeListeners(besides: plan.configuration, opened)
        for case .logLevel(let level) in changes { self.relay.levelChanged.withLock { $0 }(level) }
        for change in changes { logger.notice("changed", metadata: ["edge.change": "\(change)"]) }
        logger.notice("reloaded", metadata: ["edge.changes": "\(changes.count)"])
    }

    /// Opens the listeners that are new; one that cannot be opened undoes all of them.
    private func openListeners(_ old: Configuration, _ new: Configuration) -> [RelayListener]? {
        let listeners = self.relay.rooms.listeners
        let known = Set(listeners.all.filter { $0.origin == .configuration }.map(\.configuration.address))
        var opened: [RelayListener] = []
        for wanted in new.listeners where !known.contains(wanted.address) {
            switch self.open(wanted) {
            case .added(let listener):
                opened.append(listener)
            case .exists(let listener):
                // A call asked for it before; from now on it is the configuration's.
                listeners.replace(listener.id, with: wanted)
            case .fault(let fault):
                for listener in opened { listeners.close(listener.id) }
                self.relay.rooms.logger.error(
                    "reload refused",
                    metadata: ["edge.listener": "\(wanted.address)", "error": "\(fault)"]
                )
                return nil
            }
        }
        return opened
    }

    private func open(_ listener: ListenerConfiguration) -> ListenerSet.Registration {
        let listeners = self.relay.rooms.listeners
        guard case .inherited = listener.address else {
            return listeners.registerNow(listener, origin: .configuration)
        }
        do throws(SystemError) {
            let opened = try BoundListener.bind(listener).map { listeners.open($0) }
            guard let first = opened.first else { return .fault(ListenerFault(.failed, "no socket was handed over")) }
            return .added(first)
        } catch {
            return .fault(ListenerFault(error))
        }
    }

    private func closeListeners(besides configuration: Configuration, _ opened: [RelayListener]) {
        let wanted = Dictionary(configuration.listeners.map { ($0.address, $0) }) { first, _ in first }
        for listener in self.relay.rooms.listeners.all where listener.origin == .configuration {
            guard let new = wanted[listener.configuration.address] else {
                self.relay.rooms.listeners.close(listener.id)
                continue
            }
            if new != listener.configuration { self.relay.rooms.listeners.replace(listener.id, with: new) }
        }
    }
}
