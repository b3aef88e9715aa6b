import EdgeCarrier
import EdgeConfiguration
import EdgeConnections
import EdgeTokens
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import Logging
import NIOCore
import Synchronization

/// What a tunnel's client shows and asks.
extension TunnelSession {
    /// Takes a token: verifies it and registers what it grants, in one step.
    ///
    /// - Parameter token: a compact JSON Web Token.
    /// - Throws: why it is refused.
    func admit(_ token: String) throws(TunnelRefusal) {
        if self.grants[token] != nil { return }
        let verified: VerifiedToken
        do throws(TokenError) {
            verified = try self.rooms.plan.current.verifier.verify(token, at: UnixClock.seconds)
        } catch {
            throw .token(error)
        }
        let grants = TunnelRegistryGrants(patterns: verified.claims.domains, ports: try self.lease(verified))
        do throws(TunnelRefusal) {
            try self.register(grants, verified)
        } catch {
            self.rooms.leases.abandon(grants.ports.filter { !self.ports.contains($0) }, by: self.member.id)
            throw error
        }
        self.grants[token] = grants
        self.authentication?.cancel()
        self.authentication = nil
        self.logPorts(grants.ports)
    }

    /// Lends the ports that a token grants.
    private func lease(_ verified: VerifiedToken) throws(TunnelRefusal) -> [UInt16] {
        let claimant = PortLeaseStateMachine.Claimant(
            id: self.member.id,
            identity: self.identity(verified),
            signer: verified.keyID
        )
        do throws(PortRefusal) {
            return try self.rooms.leases.claim(
                verified.claims,
                by: claimant,
                self.rooms.plan.current.configuration.ports
            )
        } catch {
            throw .port(error)
        }
    }

    private func identity(_ verified: VerifiedToken) -> String? {
        self.instance ?? verified.claims.device?.id
    }

    private func register(_ grants: TunnelRegistryGrants, _ verified: VerifiedToken) throws(TunnelRefusal) {
        switch self.outcome(grants, verified) {
        case .registered(let replaced, let elders):
            for ghost in replaced { ghost.close(.takenOver) }
            for elder in elders { elder.probe() }
        case .nameTaken(let pattern):
            throw .nameTaken(pattern)
        case .portTaken(let port):
            throw .port(.taken(port))
        case .gone:
            throw .tunnelOver
        }
    }

    private func outcome(
        _ grants: TunnelRegistryGrants,
        _ verified: VerifiedToken
    ) -> TunnelRegistrationOutcome<TunnelMember> {
        let now = UnixClock.seconds
        if self.isRegistered {
            return self.rooms.tunnels.grant(grants, signer: verified.keyID, to: self.member.id, at: now)
        }
        let outcome = self.rooms.tunnels.register(
            TunnelRegistration(
                id: self.member.id,
                identity: self.identity(verified),
                signer: verified.keyID,
                patterns: grants.patterns,
                ports: grants.ports,
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

    /// Says which ports are open, and whether a visitor who waits for the service to speak is known at once.
    private func logPorts(_ ports: [UInt16]) {
        guard !ports.isEmpty else { return }
        let isAnnounced = self.member.profile.opensWithConnection
        self.rooms.logger.info(
            "ports lent",
            metadata: [
                "edge.tunnel": "\(self.member.id)", "edge.peer": "\(self.member.peer)",
                "edge.ports": "\(ports.map(String.init).joined(separator: " "))",
                "edge.stream_begins": isAnnounced ? "when the visitor connects" : "when the visitor first speaks",
            ]
        )
    }

    func controlReceived(_ message: ControlMessage) {
        switch message {
        case .addToken(let id, let token):
            self.add(token.text, id)
        case .deleteToken(let id, let token):
            self.delete(token?.text, id)
        case .auth(let id, _):
            self.carrier?.send(.reply(id: id, fault: .invalidToken))
        case .unknown(let id, let command):
            self.carrier?.send(.reply(id: id, fault: .unknownCommand(command)))
        case .malformed(let text):
            self.carrier?.send(.fault(.badCommand(text)))
        case .reply(let id, let fault, _):
            if id == 1, fault == nil { self.machine.helloAnswered() }
        case .hello, .grant, .fault, .accessToken:
            break
        }
    }

    private func add(_ token: String, _ id: Int) {
        do throws(TunnelRefusal) {
            try self.admit(token)
        } catch {
            self.refuse(error, id)
            return
        }
        switch self.machine.tokenAccepted() {
        case .register, .extend:
            self.carrier?.send(.reply(id: id))
            self.sendGrant()
        case .refuse:
            self.carrier?.send(.reply(id: id, fault: .goingAway("the relay is going away", retry: 1)))
        case .ignore:
            break
        }
    }

    private func refuse(_ refusal: TunnelRefusal, _ id: Int) {
        self.rooms.logger.info(
            "token refused",
            metadata: self.metadata.merging(["reason": "\(refusal.reason.rawValue)", "error": "\(refusal)"]) { $1 }
        )
        switch self.machine.tokenRefused() {
        case .answerAndClose:
            self.carrier?.send(.reply(id: id, fault: refusal.fault))
            self.carrier?.fail(refusal.reason, code: .policyViolation)
        case .answer:
            self.carrier?.send(.reply(id: id, fault: refusal.fault))
        case .ignore:
            break
        }
    }

    private func delete(_ token: String?, _ id: Int) {
        let tokens = token.map { [$0] } ?? Array(self.grants.keys)
        var gone = TunnelRegistryGrants()
        for token in tokens {
            guard let grants = self.grants.removeValue(forKey: token) else {
                self.carrier?.send(.reply(id: id, fault: .tokenNotPresent))
                return
            }
            gone.patterns += grants.patterns
            gone.ports += grants.ports
        }
        let (patterns, ports) = (self.patterns, self.ports)
        gone.patterns.removeAll { patterns.contains($0) }
        gone.ports.removeAll { ports.contains($0) }
        self.rooms.tunnels.revoke(gone, from: self.member.id, at: UnixClock.seconds)
        self.rooms.leases.abandon(gone.ports, by: self.member.id)
        self.carrier?.closeStreams { stream in
            guard let name = stream.name else { return gone.ports.contains(stream.servicePort) }
            return gone.patterns.contains { $0.matches(name) }
        }
        self.carrier?.send(.reply(id: id))
        self.sendGrant()
    }

    /// Tells a client that shows it what it is served as.
    func sendGrant() {
        guard self.member.profile.takesGrants, let carrier else { return }
        let listeners = self.rooms.listeners
        let plan = self.rooms.plan.current
        let grants = TunnelGrants(
            routes: plan.routes,
            certificates: plan.certificates(of: self.connection.listener.configuration.address),
            ports: (listeners.securePort, listeners.plainPort),
            fallbacks: listeners.fallbacks
        )
        let all =
            self.member.profile == .own
            ? grants.all(self.patterns, self.ports) : grants.ofAncestor(self.patterns, self.ports)
        carrier.send(.grant(id: self.nextRequest, all))
        self.nextRequest += 1
    }
}
