/// One thing that a reload changes.
package enum ConfigurationChange: Sendable, Hashable, CustomStringConvertible {
    /// The admin host or the tunnel hosts are others.
    case ownNames
    /// Names go elsewhere.
    case routes
    /// The files or the default of the global set are others. (Their contents are read again in any case.)
    case certificates
    /// Who may sign tokens is another.
    case secrets
    /// A wait is another; its key.
    case timeout(key: String, setting: String)
    /// A limit is another; its key.
    case limit(key: String, setting: String)
    /// A WebSocket without TLS may become a tunnel, or may no more.
    case insecureTunnel(Bool)
    /// A listener is to be opened.
    case listenerAdded(ListenerConfiguration)
    /// A listener is to be closed; its connections go on.
    case listenerRemoved(ListenerConfiguration)
    /// A listener stays open and has another fallback or other certificates.
    case listenerChanged(old: ListenerConfiguration, new: ListenerConfiguration)
    /// Other ports may be given to tokens; those that are leased stay.
    case ports
    /// The least that is logged is another.
    case logLevel(LogConfiguration.Level)
    /// A key was changed that only a start reads.
    case needsRestart(key: String)

    /// What a reload has to do, in the order in which it should be done: what frees an address comes before what needs it.
    ///
    /// - Parameters:
    ///   - old: what is in force.
    ///   - new: what was read.
    /// - Returns: the changes; none where both say the same.
    package static func changes(from old: Configuration, to new: Configuration) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = []
        if old.log.level != new.log.level { changes.append(.logLevel(new.log.level)) }
        if old.adminHost != new.adminHost || Set(old.tunnelHosts) != Set(new.tunnelHosts) { changes.append(.ownNames) }
        if Set(old.routes) != Set(new.routes) { changes.append(.routes) }
        if old.certificates != new.certificates { changes.append(.certificates) }
        if old.secrets != new.secrets { changes.append(.secrets) }
        changes += self.differing(old.timeouts.settings, new.timeouts.settings).map(ConfigurationChange.timeout)
        changes += self.differing(old.limits.settings, new.limits.settings).map(ConfigurationChange.limit)
        if old.insecureTunnel != new.insecureTunnel { changes.append(.insecureTunnel(new.insecureTunnel)) }
        changes += self.listeners(from: old.listeners, to: new.listeners)
        if old.state != new.state { changes.append(.needsRestart(key: "state")) }
        if old.loops != new.loops { changes.append(.needsRestart(key: "loops")) }
        if old.ports != new.ports { changes.append(.ports) }
        if old.user != new.user { changes.append(.needsRestart(key: "user")) }
        if old.log.format != new.log.format { changes.append(.needsRestart(key: "log.format")) }
        return changes
    }

    /// Whether the change waits for the next start.
    package var needsRestart: Bool {
        switch self {
        case .needsRestart: true
        case .ownNames, .routes, .certificates, .secrets, .timeout, .limit, .insecureTunnel, .listenerAdded,
            .listenerRemoved, .listenerChanged, .ports, .logLevel:
            false
        }
    }

    /// The change in one line; no secret is in it.
    package var description: String {
        switch self {
        case .ownNames: "admin_host or tunnel_host changed"
        case .routes: "routes changed"
        case .certificates: "certificates changed"
        case .secrets: "secrets changed"
        case .timeout(let key, let setting): "timeouts.\(key) is now \(setting)"
        case .limit(let key, let setting): "limits.\(key) is now \(setting)"
        case .insecureTunnel(let isAllowed): "insecure_tunnel is now \(isAllowed)"
        case .listenerAdded(let listener): "listener \(listener.address) added"
        case .listenerRemoved(let listener): "listener \(listener.address) removed"
        case .listenerChanged(let old, let new): Self.description(from: old, to: new)
        case .ports: "ports changed"
        case .logLevel(let level): "log.level is now \(level.rawValue)"
        case .needsRestart(let key): "\(key) changed, and waits for a restart"
        }
    }

    private static func description(from old: ListenerConfiguration, to new: ListenerConfiguration) -> String {
        var parts: [String] = []
        if old.fallback != new.fallback { parts.append("fallback is now \(new.fallback)") }
        if old.certificates != new.certificates { parts.append("certificates changed") }
        return "listener \(new.address): \(parts.joined(separator: ", "))"
    }

    private static func differing(
        _ old: [(key: String, setting: String)],
        _ new: [(key: String, setting: String)]
    ) -> [(key: String, setting: String)] {
        zip(old, new).filter { $0.setting != $1.setting }.map(\.1)
    }

    private static func listeners(
        from old: [ListenerConfiguration],
        to new: [ListenerConfiguration]
    ) -> [ConfigurationChange] {
        var unmatched = new
        var removed: [ConfigurationChange] = []
        var changed: [ConfigurationChange] = []
        for listener in old {
            guard let index = unmatched.firstIndex(where: { $0.address == listener.address }) else {
                removed.append(.listenerRemoved(listener))
                continue
            }
            let match = unmatched.remove(at: index)
            if match != listener { changed.append(.listenerChanged(old: listener, new: match)) }
        }
        return removed + changed + unmatched.map { .listenerAdded($0) }
    }
}
