import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeForwarding
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
    typealias End = VisitorEnd

    let member: TunnelMember
    private let rooms: RelayRooms
    private let connection: ArrivedConnection
    private let instance: String?
    private var carrier: TunnelCarrierHandler<VisitorEnd>?
    private var patterns: [String: [HostnamePattern]] = [:]
    private var authentication: Scheduled<Void>?
    private var nextRequest = 2
    private var isRegistered = false

    init(rooms: RelayRooms, connection: ArrivedConnection, member: TunnelMember, instance: String?) {
        self.rooms = rooms
        self.connection = connection
        self.member = member
        self.instance = instance
    }

    /// Takes a token: verifies it and registers what it grants, in one step.
    ///
    /// - Parameter token: a compact JSON Web Token.
    /// - Throws: why it is refused.
    func admit(_ token: String) throws(TunnelRefusal) {
        if self.patterns[token] != nil { return }
        let verified: VerifiedToken
        do throws(TokenError) {
            verified = try self.connection.plan.verifier.verify(token, at: UnixClock.seconds)
        } catch {
            throw .token(error)
        }
        let domains = verified.claims.domains
        guard !domains.isEmpty else { throw .token(.grantsNothing) }
        switch self.register(verified) {
        case .registered(let replaced):
            for ghost in replaced { ghost.close(.takenOver) }
        case .nameTaken(let pattern):
            throw .nameTaken(pattern)
        case .gone:
            throw .tunnelOver
        }
        self.patterns[token] = domains
        self.authentication?.cancel()
        self.authentication = nil
    }

    private func register(_ verified: VerifiedToken) -> TunnelRegistrationOutcome<TunnelMember> {
        let (domains, signer, now) = (verified.claims.domains, verified.keyID, UnixClock.seconds)
        if self.isRegistered { return self.rooms.tunnels.grant(domains, signer: signer, to: self.member.id, at: now) }
        let outcome = self.rooms.tunnels.register(
            TunnelRegistration(
                id: self.member.id,
                identity: self.instance ?? verified.claims.device?.id,
                signer: signer,
                patterns: domains,
                since: now,
                member: self.member
            )
        )
        if case .registered = outcome {
            self.isRegistered = true
            self.member.set(self)
            self.member.loop.load.tunnels.add(1, ordering: .relaxed)
        }
        return outcome
    }

    /// What the tunnel's carrier is told.
    var carrierSettings: CarrierSettings {
        let configuration = self.connection.plan.configuration
        var settings = CarrierSettings(side: .relay, profile: self.member.profile)
        settings.budget = self.rooms.budget
        settings.frame = configuration.limits.frame.bytes
        settings.streamBuffer = configuration.limits.streamBuffer.bytes
        settings.tunnelBuffer = configuration.limits.tunnelBuffer.bytes
        settings.packet = configuration.limits.packet.bytes
        settings.message = configuration.limits.message.bytes
        settings.streams = configuration.limits.streamsPerTunnel
        settings.gate = configuration.timeouts.gate
        settings.quarantine = configuration.timeouts.quarantine
        settings.answer = configuration.timeouts.grace
        settings.stall = configuration.timeouts.stall
        settings.ping = configuration.timeouts.ping
        settings.pong = configuration.timeouts.pong
        return settings
    }

    /// Begins: the WebSocket is open.
    ///
    /// - Parameters:
    ///   - carrier: the tunnel's carrier.
    ///   - plaintext: what came behind the upgrade.
    func start(_ carrier: TunnelCarrierHandler<VisitorEnd>, plaintext: ByteBuffer) {
        self.carrier = carrier
        self.member.set(self)
        self.rooms.logger.info("tunnel connected", metadata: self.metadata)
        if self.member.profile.sendsHello {
            carrier.send(.hello)
        }
        self.sendGrant()
        if self.patterns.isEmpty { self.awaitToken() }
        carrier.start(owner: self, plaintext: plaintext)
    }

    private func awaitToken() {
        let limit = TimeAmount(self.connection.plan.configuration.timeouts.authenticate)
        self.authentication = self.member.loop.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.carrier?.send(.fault(ControlFault(message: "no token came in time", code: "E_INVALID_TOKEN")))
            self.carrier?.fail(.authenticateTimeout, code: .policyViolation)
        }
    }

    /// Opens a stream for a visitor.
    ///
    /// - Parameters:
    ///   - visitor: the visitor's connection.
    ///   - service: what the client is told that the visitor speaks.
    ///   - name: the name that the visitor asked for.
    /// - Returns: the stream, or nil when the tunnel is over or holds too many.
    func openStream(
        _ visitor: ArrivedConnection,
        service: TunnelService,
        name: Hostname
    ) -> CarrierStream<VisitorEnd>? {
        self.carrier?.openStream(
            peer: visitor.arrival.peer,
            service: service,
            servicePort: visitor.servicePort,
            name: name
        )
    }

    /// Ends the tunnel.
    ///
    /// - Parameters:
    ///   - reason: why.
    ///   - retry: how long the client is asked to wait before it returns.
    func close(_ reason: CloseReason, retry: Duration?) {
        guard let carrier else { return }
        switch reason {
        case .shutdown:
            let seconds = Int((retry ?? .zero).components.seconds)
            carrier.send(.fault(.goingAway("the relay is going away", retry: seconds)))
            carrier.fail(reason, code: .serviceRestart)
        case .takenOver:
            carrier.fail(reason, code: .policyViolation, text: "a newer connection took this one's place")
        default:
            carrier.fail(reason, code: .goingAway)
        }
    }

    func streamOpened(_ stream: CarrierStream<VisitorEnd>, header: TunnelHeader) -> VisitorEnd? { nil }

    func controlReceived(_ message: ControlMessage) {
        switch message {
        case .addToken(let id, let token):
            self.answer(id) { () throws(TunnelRefusal) in try self.admit(token.text) }
            self.sendGrant()
        case .deleteToken(let id, let token):
            self.delete(token?.text, id)
        case .auth(let id, _):
            self.carrier?.send(.reply(id: id, fault: .invalidToken))
        case .unknown(let id, let command):
            self.carrier?.send(.reply(id: id, fault: .unknownCommand(command)))
        case .malformed(let text):
            self.carrier?.send(.fault(.badCommand(text)))
        case .reply, .hello, .grant, .fault, .accessToken:
            break
        }
    }

    private func answer(_ id: Int, _ body: () throws(TunnelRefusal) -> Void) {
        do throws(TunnelRefusal) {
            try body()
            self.carrier?.send(.reply(id: id))
        } catch {
            self.rooms.logger.info(
                "token refused",
                metadata: self.metadata.merging(["reason": "\(error.reason.rawValue)", "error": "\(error)"]) { $1 }
            )
            self.carrier?.send(.reply(id: id, fault: error.fault))
        }
    }

    private func delete(_ token: String?, _ id: Int) {
        let tokens = token.map { [$0] } ?? Array(self.patterns.keys)
        var gone: [HostnamePattern] = []
        for token in tokens {
            guard let patterns = self.patterns.removeValue(forKey: token) else {
                self.carrier?.send(.reply(id: id, fault: .tokenNotPresent))
                return
            }
            gone += patterns
        }
        let kept = Set(self.patterns.values.joined())
        let dropped = gone.filter { !kept.contains($0) }
        self.rooms.tunnels.revoke(dropped, from: self.member.id, at: UnixClock.seconds)
        self.carrier?.closeStreams { name in name.map { name in dropped.contains { $0.matches(name) } } ?? false }
        self.carrier?.send(.reply(id: id))
        self.sendGrant()
    }

    /// Tells our own client what it is served as.
    private func sendGrant() {
        guard self.member.profile == .own, let carrier else { return }
        let listeners = self.rooms.listeners
        let plan = self.rooms.plan.current
        let grants = TunnelGrants(
            routes: plan.routes,
            certificates: plan.certificates(of: self.connection.listener.configuration.address),
            ports: (listeners.securePort, listeners.plainPort)
        )
        carrier.send(.grant(id: self.nextRequest, grants.all(self.patterns.values.joined())))
        self.nextRequest += 1
    }

    func carrierEnded(_ reason: CloseReason) {
        self.authentication?.cancel()
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
        self.member.loop.load.tunnels.subtract(1, ordering: .relaxed)
    }

    private var metadata: Logger.Metadata {
        [
            "edge.tunnel": "\(self.member.id)", "edge.peer": "\(self.member.peer)",
            "edge.profile": "\(self.member.profile)",
            "edge.names": "\(self.patterns.values.joined().map(\.description).sorted().joined(separator: " "))",
        ]
    }
}
