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
        if self.patterns[token] != nil { return }
        let verified: VerifiedToken
        do throws(TokenError) {
            verified = try self.rooms.plan.current.verifier.verify(token, at: UnixClock.seconds)
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
    func sendGrant() {
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
}
