import EdgeForwarding
import EdgeTunnel
import EdgeTypes
import NIOCore

/// A visitor whose bytes go down a tunnel as they are: TLS by its server name, SSH or anything by the listener's
/// fallback.
///
///     choose the tunnel -> channel on its loop -> stream -> ForwardingHandler
struct PassthroughJourney {
    let rooms: RelayRooms

    /// Begins.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - name: the name whose tunnel serves it.
    ///   - service: what the client is told that the visitor speaks.
    func begin(_ connection: ArrivedConnection, name: Hostname, service: TunnelService) {
        StreamJourney(rooms: self.rooms).begin(
            connection,
            to: .name(name),
            service: service,
            decision: service == .https ? "pass_through" : "fallback"
        )
    }
}
