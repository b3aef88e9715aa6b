package import EdgeConfiguration
package import EdgeTunnel
package import EdgeTypes

/// From what the relay says of a visitor to the local service that serves it.
package struct LocalRoute: Sendable {
    private let services: [LocalService]

    /// Creates a route.
    ///
    /// - Parameter services: what is served, in the order in which it was written.
    package init(services: [LocalService]) {
        self.services = services
    }

    /// Finds the target of a visitor: an exact name before a wildcard, a longer wildcard before a shorter one, a named
    /// port before the pool.
    ///
    /// `ssh.NAME` belongs to whoever holds NAME: with or without that label, a service for NAME serves it.
    ///
    /// - Parameters:
    ///   - service: what the visitor speaks.
    ///   - name: the name that it asked for.
    ///   - port: the public port that it dialled.
    /// - Returns: where it is served, or nil.
    package func target(of service: TunnelService, name: Hostname?, port: UInt16?) -> SocketEndpoint? {
        let candidates = self.services.filter { $0.serves(service, port: port) }
        if service == .tcp { return (candidates.first { $0.publicPort != nil } ?? candidates.first)?.target }
        if let name {
            let names = service == .ssh ? [name, SSHName.owner(of: name)].compactMap(\.self) : [name]
            return candidates.filter { candidate in names.contains { candidate.pattern?.matches($0) ?? false } }
                .max { Self.weight($0.pattern) < Self.weight($1.pattern) }?.target
        }
        return candidates.count == 1 ? candidates.first?.target : nil
    }

    private static func weight(_ pattern: HostnamePattern?) -> Int {
        switch pattern {
        case .exact: 1000
        case .below(let suffix): suffix.text.utf8.count
        case .any, nil: 0
        }
    }
}
