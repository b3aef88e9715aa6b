import EdgeConfiguration
import EdgeRouting
import EdgeTypes

/// Ports as they are shown.
extension ListenerSet {
    /// Listeners where first bytes are looked at, in the order in which they were opened.
    private var sniffed: [RelayListener] { self.all.filter { $0.leasedPort == nil } }

    /// The port that a redirect to https names: 443 where it is served, else the port of a listener other than the one
    /// that was asked, else its own (every listener speaks every protocol).
    ///
    /// - Parameter listener: the listener that was asked over http.
    /// - Returns: a port.
    func securePort(besides listener: RelayListener) -> UInt16 {
        let sniffed = self.sniffed
        if sniffed.contains(where: { $0.bound.port == 443 }) { return 443 }
        return sniffed.first { $0.id != listener.id && $0.bound.port != nil && $0.bound.port != 80 }?.bound.port
            ?? listener.bound.port ?? 443
    }

    /// The port that https is shown with: 443 where it is served, else that of the first listener.
    var securePort: UInt16 {
        let ports = self.sniffed.compactMap { $0.bound.port }
        return ports.contains(443) ? 443 : ports.first ?? 443
    }

    /// The port that http is shown with: 80 where it is served, else that of the last listener.
    var plainPort: UInt16 {
        let ports = self.sniffed.compactMap { $0.bound.port }
        return ports.contains(80) ? 80 : ports.last ?? 80
    }

    /// Listeners that send what names nobody to the tunnel of a name, with their ports.
    var fallbacks: [(name: Hostname, port: UInt16)] {
        self.sniffed.compactMap { listener in
            guard case .tunnel(let name) = listener.configuration.fallback, let port = listener.bound.port else {
                return nil
            }
            return (name, port)
        }
    }

    /// The address where the first TCP listener is bound; every address where there is none.
    var host: String {
        for listener in self.sniffed {
            if case .tcp(let host, port: _) = listener.bound { return host }
        }
        return "::"
    }
}
