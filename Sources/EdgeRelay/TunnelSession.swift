import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
import EdgeSockets
import EdgeSystem
import EdgeTokens
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import Logging
import NIOCore
import Synchronization

/// The relay's side of one tunnel: what it holds, what its client may ask, and how it ends.
///
/// Confined to its loop.
final class TunnelSession: CarrierOwner {

    let member: TunnelMember
    let rooms: RelayRooms
    let connection: ArrivedConnection
    let instance: String?
    var carrier: TunnelCarrierHandler?
    var machine: TunnelStateMachine
    /// What each token grants.
    var grants: [String: TunnelRegistryGrants] = [:]
    var authentication: Scheduled<Void>?
    /// The number of the next request to the client; the first is taken by `hello`.
    var nextRequest = 2
    var isRegistered = false

    init(rooms: RelayRooms, connection: ArrivedConnection, member: TunnelMember, instance: String?) {
        self.rooms = rooms
        self.connection = connection
        self.member = member
        self.instance = instance
        self.machine = TunnelStateMachine(profile: member.profile)
    }

    /// What the tunnel's carrier is told.
    var carrierSettings: CarrierSettings {
        let configuration = self.connection.plan.configuration
        var settings = CarrierSettings(side: .relay, profile: self.member.profile)
        settings.frame = configuration.limits.frame.bytes
        settings.streamBuffer = configuration.limits.streamBuffer.bytes
        settings.tunnelBuffer = configuration.limits.tunnelBuffer.bytes
        settings.packet = configuration.limits.packet.bytes
        settings.message = configuration.limits.message.bytes
        settings.streams = configuration.limits.streamsPerTunnel
        settings.gate = configuration.timeouts.gate
        settings.quarantine = configuration.timeouts.quarantine
        settings.answer = configuration.timeouts.grace
        settings.answered = configuration.timeouts.answered
        settings.stall = configuration.timeouts.stall
        settings.hold = configuration.timeouts.hold
        settings.ping = configuration.timeouts.ping
        settings.pong = configuration.timeouts.pong
        settings.probe = configuration.timeouts.probe
        settings.failures = configuration.limits.failures
        settings.rest = configuration.timeouts.rest
        settings.budget = self.rooms.budget
        return settings
    }

    /// Begins: the WebSocket is open.
    ///
    /// - Parameters:
    ///   - carrier: the tunnel's carrier.
    ///   - plaintext: what came behind the upgrade.
    func start(_ carrier: TunnelCarrierHandler, plaintext: ByteBuffer) {
        self.carrier = carrier
        self.member.set(self)
        self.rooms.logger.info("tunnel connected", metadata: self.metadata)
        switch self.machine.upgraded(withToken: !self.grants.isEmpty) {
        case .register(let sendsHello):
            if sendsHello { carrier.send(.hello) }
            self.sendGrant()
        case .awaitToken(let sendsHello):
            if sendsHello { carrier.send(.hello) }
            self.awaitToken()
        case .ignore:
            break
        }
        carrier.start(owner: self, plaintext: plaintext)
    }

    private func awaitToken() {
        let limit = TimeAmount(self.connection.plan.configuration.timeouts.authenticate)
        self.authentication = self.member.loop.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            guard case .close = self.machine.authenticateTimeout() else { return }
            self.carrier?.send(.fault(ControlFault(message: "no token came in time", code: "E_INVALID_TOKEN")))
            self.carrier?.fail(.authenticateTimeout, code: .policyViolation)
        }
    }

    /// Opens a stream for a visitor.
    ///
    /// - Parameters:
    ///   - visitor: the visitor's connection.
    ///   - service: what the client is told that the visitor speaks.
    ///   - name: the name that the visitor asked for; nil for a public TCP port.
    /// - Returns: the stream, or nil when the tunnel is over or holds too many.
    func openStream(
        _ visitor: ArrivedConnection,
        service: TunnelService,
        name: Hostname?
    ) -> CarrierStream? {
        guard self.machine.acceptsStreams else { return nil }
        return self.carrier?.openStream(
            peer: visitor.arrival.peer,
            service: service,
            servicePort: visitor.servicePort,
            name: name
        )
    }

    /// Tells the client that the relay is going away, before its streams finish.
    ///
    /// - Parameter retry: how long the client is asked to wait before it returns.
    func drain(retry: Duration) {
        switch self.machine.drainStarted() {
        case .stopStreams(let tellsClient):
            guard tellsClient else { return }
            let seconds = Int(retry.components.seconds)
            self.carrier?.send(.fault(.goingAway("the relay is going away", retry: seconds)))
        case .close:
            self.close(.shutdown)
        case .ignore:
            break
        }
    }

    /// Pings the client, which may be gone.
    func probe() {
        self.carrier?.probe()
    }

    /// Ends the tunnel.
    ///
    /// - Parameter reason: why.
    func close(_ reason: CloseReason) {
        guard let carrier else { return }
        switch reason {
        case .shutdown:
            carrier.fail(reason, code: .serviceRestart)
        case .takenOver:
            carrier.fail(reason, code: .policyViolation, text: "a newer connection took this one's place")
        default:
            carrier.fail(reason, code: .goingAway)
        }
    }

    func streamOpened(_ stream: CarrierStream, header: TunnelHeader) -> (any StreamEnd)? { nil }

    func carrierEnded(_ reason: CloseReason) {
        self.authentication?.cancel()
        _ = self.machine.closed()
        self.release()
        self.carrier = nil
        self.rooms.logger.info(
            "tunnel ended",
            metadata: self.metadata.merging(["reason": "\(reason.rawValue)"]) { $1 }
        )
        self.rooms.ended(self.connection, self.member.connection, reason)
    }

    /// Undoes the registration, wherever the tunnel stands.
    func release() {
        self.member.set(nil)
        guard self.isRegistered else { return }
        self.isRegistered = false
        self.rooms.tunnels.remove(self.member.id, at: UnixClock.seconds)
        self.keepPorts()
        self.member.loop.load.tunnels.subtract(1, ordering: .relaxed)
    }

    /// Keeps the ports for the client's return, and frees them when it stays away.
    private func keepPorts() {
        let grace = self.rooms.plan.current.configuration.timeouts.grace
        guard self.rooms.leases.left(self.member.id, keepingUntil: .now.advanced(by: grace)) else { return }
        let (leases, logger) = (self.rooms.leases, self.rooms.logger)
        // The clock of the loop and the one of leases may differ by a little.
        let wait = TimeAmount(grace) + .milliseconds(1)
        self.member.loop.eventLoop.scheduleTask(in: wait) {
            let free = leases.timePassed(at: .now)
            guard !free.isEmpty else { return }
            logger.info(
                "ports freed",
                metadata: ["edge.ports": "\(free.map(String.init).joined(separator: " "))"]
            )
        }
    }

    /// The names that the tunnel holds.
    var patterns: Set<HostnamePattern> { Set(self.grants.values.lazy.flatMap(\.patterns)) }

    /// The public TCP ports that the tunnel holds.
    var ports: Set<UInt16> { Set(self.grants.values.lazy.flatMap(\.ports)) }

    /// What every line of the log about this tunnel names.
    var metadata: Logger.Metadata {
        [
            "edge.tunnel": "\(self.member.id)", "edge.peer": "\(self.member.peer)",
            "edge.profile": "\(self.member.profile.rawValue)",
            "edge.names": "\(self.patterns.map(\.description).sorted().joined(separator: " "))",
        ]
    }
}
