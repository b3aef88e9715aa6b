import EdgeCarrier
import EdgeConnections
import EdgeForwarding
import EdgeMetering
import EdgeSockets
import EdgeTunnel
import EdgeTypes
import NIOCore
import Synchronization

/// A live tunnel as the rest of the relay sees it, from any thread.
final class TunnelMember: Sendable {
    /// Its identity in the process.
    let id: TunnelID
    /// The connection that carries it.
    let connection: ConnectionID
    /// The loop where it lives; its visitors are brought here.
    let loop: RelayLoop
    /// What its client can read.
    let profile: ClientProfile
    /// Where its client is.
    let peer: PeerAddress
    /// Bytes of the tunnel.
    let meters: ConnectionMeters
    /// What the carrier shows of itself.
    let pulse = CarrierPulse(start: .now)

    private let session: NIOLoopBoundBox<TunnelSession?>

    init(
        id: TunnelID,
        connection: ConnectionID,
        loop: RelayLoop,
        profile: ClientProfile,
        peer: PeerAddress,
        meters: ConnectionMeters
    ) {
        self.id = id
        self.connection = connection
        self.loop = loop
        self.profile = profile
        self.peer = peer
        self.meters = meters
        self.session = NIOLoopBoundBox.makeEmptyBox(valueType: TunnelSession.self, eventLoop: loop.eventLoop)
    }

    /// Streams that are open.
    var openStreams: Int { self.pulse.streams.load(ordering: .relaxed) }

    /// What the tunnel carries, for balancing.
    ///
    /// - Parameter now: the present.
    /// - Returns: how many streams it has, and whether others should be preferred.
    func load(at now: ContinuousClock.Instant) -> TunnelLoad {
        switch self.pulse.availability(at: now) {
        case .available: .ready(streams: self.openStreams)
        case .resting, .silent: .doubtful(streams: self.openStreams)
        }
    }

    /// Sets or clears the session; on the tunnel's loop.
    ///
    /// - Parameter session: the session, or nil when it is over.
    func set(_ session: TunnelSession?) {
        self.session.value = session
    }

    /// Opens a stream for a visitor; on the tunnel's loop.
    ///
    /// - Parameters:
    ///   - connection: the visitor's connection.
    ///   - service: what the client is told that the visitor speaks.
    ///   - name: the name that the visitor asked for; nil for a public TCP port.
    /// - Returns: the stream, or nil when the tunnel is over or holds too many.
    func openStream(
        _ connection: ArrivedConnection,
        service: TunnelService,
        name: Hostname?
    ) -> CarrierStream? {
        self.session.value?.openStream(connection, service: service, name: name)
    }

    /// Tells the client that the relay is going away, from any thread.
    ///
    /// - Parameter retry: how long the client is asked to wait before it returns.
    func drain(retry: Duration) {
        let session = self.session
        self.loop.eventLoop.execute { session.value?.drain(retry: retry) }
    }

    /// Pings the client, from any thread: where it stays silent, other tunnels are preferred.
    func probe() {
        let session = self.session
        self.loop.eventLoop.execute { session.value?.probe() }
    }

    /// Ends the tunnel, from any thread.
    ///
    /// - Parameter reason: why.
    func close(_ reason: CloseReason) {
        let session = self.session
        self.loop.eventLoop.execute { session.value?.close(reason) }
    }
}
