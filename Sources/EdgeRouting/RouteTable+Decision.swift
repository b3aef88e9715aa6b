import EdgeTypes

extension RouteTable {
    /// Decides where an arrival goes.
    ///
    /// The relay's own names come first. An address that was written for exactly the name comes before a tunnel, and a
    /// tunnel before an address that was written for a wildcard.
    ///
    /// - Parameter question: what is known about the arrival.
    /// - Returns: where it goes.
    package func decide(_ question: RoutingQuestion) -> RoutingDecision {
        switch question.protocol {
        case .tls:
            question.isInsideTLS ? .notFoundPage(terminateTLS: false) : self.decideTLS(question)
        case .http, .webSocket:
            self.decideHTTP(question)
        case .http2, .ssh, .opaque:
            question.isInsideTLS ? .notFoundPage(terminateTLS: false) : self.decideFallback(question)
        }
    }

    private func decideTLS(_ question: RoutingQuestion) -> RoutingDecision {
        guard let name = question.name else { return self.decideNameless(question) }
        switch self.part(of: name) {
        case .admin: return .serveAdmin
        case .tunnel: return .upgradeTunnel(insecure: false)
        case nil: break
        }
        let route = self.route(for: name)
        if let owner = question.sshOwner, route.upstream == nil || route.pattern != .exact(name) {
            // The device speaks SSH, not TLS: it ends here or nowhere.
            guard question.certificateCovers || question.hasDefaultCertificate else { return .refuse(.unknownName) }
            return .terminate(owner)
        }
        if let upstream = Self.fixedUpstream(route, question.presence) {
            guard route.tls == .terminate else { return .upstream(upstream, terminateTLS: false) }
            // The address expects plain HTTP: without a certificate there is nothing that it could be sent.
            guard question.certificateCovers || question.hasDefaultCertificate else { return .refuse(.unknownName) }
            return .upstream(upstream, terminateTLS: true)
        }
        switch question.presence {
        case .held:
            return route.tls == .terminate && question.certificateCovers ? .terminate(name) : .passThrough(name)
        case .away(let lastSeen):
            guard question.certificateCovers || question.hasDefaultCertificate else { return .refuse(.tunnelAway) }
            return .unavailable(name, lastSeen: lastSeen, terminateTLS: true)
        case .nobody:
            // An address is no server name (RFC 6066 §3): the peer dialled it and has no name to give.
            if name.isAddressLiteral { return self.decideNameless(question) }
            return question.hasDefaultCertificate ? .notFoundPage(terminateTLS: true) : .refuse(.unknownName)
        }
    }

    private func decideNameless(_ question: RoutingQuestion) -> RoutingDecision {
        question.hasDefaultCertificate ? .decideInside : .refuse(.noServerName)
    }

    private func decideHTTP(_ question: RoutingQuestion) -> RoutingDecision {
        guard let name = question.name else { return .notFoundPage(terminateTLS: false) }
        switch self.part(of: name) {
        case .admin:
            return question.isInsideTLS ? .serveAdmin : .redirect(toHost: name)
        case .tunnel:
            if question.isInsideTLS { return .upgradeTunnel(insecure: false) }
            guard question.protocol == .webSocket, question.insecureTunnel else { return .redirect(toHost: name) }
            return .upgradeTunnel(insecure: true)
        case nil:
            break
        }
        let route = self.route(for: name)
        let redirects = route.http == .redirect && !question.isInsideTLS
        if let upstream = Self.fixedUpstream(route, question.presence) {
            if redirects, !question.isACMEChallenge { return .redirect(toHost: name) }
            return .upstream(upstream, terminateTLS: false)
        }
        switch question.presence {
        case .held:
            guard redirects else { return .forward(name) }
            return question.isACMEChallenge ? .forwardChallenge(name) : .redirect(toHost: name)
        case .away(let lastSeen):
            return .unavailable(name, lastSeen: lastSeen, terminateTLS: false)
        case .nobody:
            return .notFoundPage(terminateTLS: false)
        }
    }

    private func decideFallback(_ question: RoutingQuestion) -> RoutingDecision {
        switch question.fallback {
        case .refuse: .refuse(.fallbackRefused)
        case .tunnel(let name): .tunnelByFallback(name, asSSH: question.protocol == .ssh)
        case .address(let endpoint): .upstream(endpoint, terminateTLS: false)
        }
    }

    /// The route's address where it goes before a tunnel: for an exact name always, for a wildcard while none is there.
    private static func fixedUpstream(_ route: Route, _ presence: NamePresence) -> SocketEndpoint? {
        guard let upstream = route.upstream else { return nil }
        switch (route.pattern, presence) {
        case (.exact, _), (.below, .away), (.below, .nobody), (.any, .away), (.any, .nobody): return upstream
        case (.below, .held), (.any, .held): return nil
        }
    }
}
