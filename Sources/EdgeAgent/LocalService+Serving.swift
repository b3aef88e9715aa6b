import EdgeConfiguration
import EdgeTunnel

extension LocalService {
    /// Whether the service is for visitors of a kind.
    ///
    /// - Parameters:
    ///   - service: what the visitor speaks.
    ///   - port: the public port that it dialled.
    /// - Returns: true when it is.
    func serves(_ service: TunnelService, port: UInt16?) -> Bool {
        switch (self.kind, service) {
        case (.http, .http), (.https, .https), (.https, .tls), (.ssh, .ssh): true
        case (.tcp, .tcp): self.exposure == .pool || port == nil || self.publicPort == port
        default: false
        }
    }
}
