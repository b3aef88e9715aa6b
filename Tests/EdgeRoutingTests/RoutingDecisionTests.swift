import EdgeRouting
import EdgeTypes
import Testing

/// One row: what is asked, and where it has to go.
struct DecisionRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let question: RoutingQuestion
    let decision: RoutingDecision

    init(
        _ label: String,
        _ speaks: ApplicationProtocol,
        _ name: Hostname? = nil,
        _ decision: RoutingDecision,
        _ change: (inout RoutingQuestion) -> Void = { _ in }
    ) {
        var question = RoutingQuestion(protocol: speaks, name: name)
        change(&question)
        self.testDescription = label
        self.question = question
        self.decision = decision
    }
}

@Suite
struct RoutingDecisionTests {
    private static let app = Hostname("app.example.com")
    private static let admin = Hostname("rvpn.example.com")
    private static let tunnel = Hostname("tunnel.example.com")
    private static let literal = Hostname("127.0.0.1")
    private static let seen = 1_700_000_000
    private static let old = SocketEndpoint.tcp(host: "192.0.2.7", port: 443)
    private static let plain = SocketEndpoint.tcp(host: "192.0.2.8", port: 80)
    private static let fixed = SocketEndpoint.tcp(host: "192.0.2.9", port: 443)

    private func expect(_ rows: [DecisionRow], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let table = try sampleTable()
        for row in rows {
            let label = Comment(rawValue: row.testDescription)
            #expect(table.decide(row.question) == row.decision, label, sourceLocation: sourceLocation)
        }
    }

    @Test
    func namesOfTheRelayItselfEndTheirTLSHere() throws {
        try self.expect([
            DecisionRow("admin", .tls, Self.admin, .serveAdmin),
            DecisionRow("tunnel", .tls, Self.tunnel, .upgradeTunnel(insecure: false)),
            DecisionRow("the other tunnel host", .tls, name("wss.example.com"), .upgradeTunnel(insecure: false)),
            DecisionRow("admin, even where a tunnel claims it", .tls, Self.admin, .serveAdmin) { $0.presence = .held },
            DecisionRow("tunnel, without a certificate", .tls, Self.tunnel, .upgradeTunnel(insecure: false)) {
                $0.certificateCovers = false
            },
        ])
    }

    @Test
    func aHeldNamesTLSPassesThroughUnlessItsRouteEndsIt() throws {
        let app = try name("app.example.com")
        let ended = try name("ended.example.com")
        try self.expect([
            DecisionRow("no route", .tls, app, .passThrough(app)) { $0.presence = .held },
            DecisionRow("no route, certificate at hand", .tls, app, .passThrough(app)) {
                $0.presence = .held
                $0.certificateCovers = true
                $0.hasDefaultCertificate = true
            },
            DecisionRow("terminate, covered", .tls, ended, .terminate(ended)) {
                $0.presence = .held
                $0.certificateCovers = true
            },
            DecisionRow("terminate, not covered", .tls, ended, .passThrough(ended)) { $0.presence = .held },
            DecisionRow("terminate, only a default", .tls, ended, .passThrough(ended)) {
                $0.presence = .held
                $0.hasDefaultCertificate = true
            },
            DecisionRow("a held address", .tls, Self.literal, .passThrough(try name("127.0.0.1"))) {
                $0.presence = .held
                $0.hasDefaultCertificate = true
            },
        ])
    }

    @Test
    func aHelloWithoutANameIsDecidedInsideOrRefused() throws {
        try self.expect([
            DecisionRow("default certificate", .tls, nil, .decideInside) { $0.hasDefaultCertificate = true },
            DecisionRow("none", .tls, nil, .refuse(.noServerName)),
            DecisionRow("never the fallback", .tls, nil, .refuse(.noServerName)) { $0.fallback = .address(Self.old) },
            DecisionRow("an address as name", .tls, Self.literal, .decideInside) { $0.hasDefaultCertificate = true },
            DecisionRow("an address as name, no certificate", .tls, Self.literal, .refuse(.noServerName)),
            DecisionRow("an IPv6 address as name", .tls, Hostname("::1"), .decideInside) {
                $0.hasDefaultCertificate = true
            },
        ])
    }

    @Test
    func aHostInsideTLSDecidesWithoutRedirects() throws {
        let app = try name("app.example.com")
        let secure = try name("secure.example.com")
        let literal = try name("127.0.0.1")
        let plain = try name("plain.example.com")
        let notFound = RoutingDecision.notFoundPage(terminateTLS: false)
        func inside(
            _ label: String,
            _ speaks: ApplicationProtocol,
            _ name: Hostname?,
            _ decision: RoutingDecision,
            _ presence: NamePresence = .nobody
        ) -> DecisionRow {
            DecisionRow(label, speaks, name, decision) {
                $0.isInsideTLS = true
                $0.hasDefaultCertificate = true
                $0.presence = presence
                $0.fallback = .tunnel(app)
            }
        }
        try self.expect([
            inside("admin", .http, Self.admin, .serveAdmin),
            inside("tunnel", .webSocket, Self.tunnel, .upgradeTunnel(insecure: false)),
            inside("tunnel, no upgrade: 426 is its answer", .http, Self.tunnel, .upgradeTunnel(insecure: false)),
            inside("held", .http, app, .forward(app), .held),
            inside("held WebSocket", .webSocket, app, .forward(app), .held),
            inside("held address", .http, literal, .forward(literal), .held),
            inside("held, route redirects", .http, secure, .forward(secure), .held),
            inside("address of a route that redirects", .http, plain, .upstream(Self.plain, terminateTLS: false)),
            inside("away", .http, app, .unavailable(app, lastSeen: 5, terminateTLS: false), .away(lastSeen: 5)),
            inside("nobody", .http, app, notFound),
            inside("no Host", .http, nil, notFound),
            inside("SSH", .ssh, nil, notFound),
            inside("HTTP/2", .http2, nil, notFound),
            inside("anything", .opaque, nil, notFound),
            inside("TLS once more", .tls, app, notFound, .held),
        ])
    }

    @Test
    func aHelloForANameOfNobodyIsAnAlertOrAPage() throws {
        try self.expect([
            DecisionRow("alert", .tls, Self.app, .refuse(.unknownName)),
            DecisionRow("page", .tls, Self.app, .notFoundPage(terminateTLS: true)) { $0.hasDefaultCertificate = true },
            DecisionRow("covered, no default", .tls, Self.app, .refuse(.unknownName)) { $0.certificateCovers = true },
            DecisionRow("never the fallback", .tls, Self.app, .refuse(.unknownName)) {
                $0.fallback = .address(Self.old)
            },
            DecisionRow("terminate, nobody", .tls, Hostname("ended.example.com"), .refuse(.unknownName)) {
                $0.certificateCovers = true
            },
        ])
    }

    @Test
    func plainHTTPForAHeldNameGoesDownOrToHTTPS() throws {
        let app = try name("app.example.com")
        let secure = try name("secure.example.com")
        let literal = try name("127.0.0.1")
        let ended = try name("ended.example.com")
        func held(
            _ label: String,
            _ name: Hostname,
            _ decision: RoutingDecision,
            speaks: ApplicationProtocol = .http,
            challenge: Bool = false
        ) -> DecisionRow {
            DecisionRow(label, speaks, name, decision) {
                $0.presence = .held
                $0.isACMEChallenge = challenge
            }
        }
        try self.expect([
            held("no route", app, .forward(app)),
            held("WebSocket", app, .forward(app), speaks: .webSocket),
            held("address", literal, .forward(literal)),
            held("challenge, no redirect", app, .forward(app), challenge: true),
            held("redirect", secure, .redirect(toHost: secure)),
            held("WebSocket, redirect", secure, .redirect(toHost: secure), speaks: .webSocket),
            held("challenge past the redirect", secure, .forwardChallenge(secure), challenge: true),
            held("terminate says nothing of http", ended, .forward(ended)),
        ])
    }

    @Test
    func plainHTTPForTheRelayItselfGoesToHTTPS() throws {
        let admin = try name("rvpn.example.com")
        let tunnel = try name("tunnel.example.com")
        try self.expect([
            DecisionRow("admin", .http, admin, .redirect(toHost: admin)),
            DecisionRow("admin, WebSocket", .webSocket, admin, .redirect(toHost: admin)) { $0.insecureTunnel = true },
            DecisionRow("tunnel", .http, tunnel, .redirect(toHost: tunnel)),
            DecisionRow("tunnel, WebSocket", .webSocket, tunnel, .redirect(toHost: tunnel)),
            DecisionRow("insecure tunnel", .webSocket, tunnel, .upgradeTunnel(insecure: true)) {
                $0.insecureTunnel = true
            },
            DecisionRow("insecure tunnel, no upgrade", .http, tunnel, .redirect(toHost: tunnel)) {
                $0.insecureTunnel = true
            },
            DecisionRow("challenge for the admin host", .http, admin, .redirect(toHost: admin)) {
                $0.isACMEChallenge = true
            },
        ])
    }

    @Test
    func plainHTTPForNobodyIsAPageAndNeverTheFallback() throws {
        try self.expect([
            DecisionRow("no Host", .http, nil, .notFoundPage(terminateTLS: false)) { $0.fallback = .address(Self.old) },
            DecisionRow("nobody", .http, Self.app, .notFoundPage(terminateTLS: false)) {
                $0.fallback = .address(Self.old)
            },
            DecisionRow("WebSocket", .webSocket, Self.app, .notFoundPage(terminateTLS: false)),
            DecisionRow("redirect, nobody", .http, Hostname("secure.example.com"), .notFoundPage(terminateTLS: false)),
            DecisionRow("challenge, nobody", .http, Self.app, .notFoundPage(terminateTLS: false)) {
                $0.isACMEChallenge = true
            },
        ])
    }

    @Test(arguments: [ApplicationProtocol.ssh, .http2, .opaque])
    func whatNamesNobodyTakesTheFallback(speaks: ApplicationProtocol) throws {
        let app = try name("app.example.com")
        try self.expect([
            DecisionRow("refuse", speaks, nil, .refuse(.fallbackRefused)),
            DecisionRow("tunnel", speaks, nil, .tunnelByFallback(app, asSSH: speaks == .ssh)) {
                $0.fallback = .tunnel(app)
            },
            DecisionRow("address", speaks, nil, .upstream(Self.old, terminateTLS: false)) {
                $0.fallback = .address(Self.old)
            },
        ])
    }

    @Test
    func aNameWhoseTunnelIsAwaySaysSo() throws {
        let app = try name("app.example.com")
        let secure = try name("secure.example.com")
        let away = NamePresence.away(lastSeen: Self.seen)
        try self.expect([
            DecisionRow("http", .http, app, .unavailable(app, lastSeen: Self.seen, terminateTLS: false)) {
                $0.presence = away
            },
            DecisionRow("http, redirect", .http, secure, .unavailable(secure, lastSeen: Self.seen, terminateTLS: false))
            {
                $0.presence = away
            },
            DecisionRow("tls, covered", .tls, app, .unavailable(app, lastSeen: Self.seen, terminateTLS: true)) {
                $0.presence = away
                $0.certificateCovers = true
            },
            DecisionRow("tls, default", .tls, app, .unavailable(app, lastSeen: Self.seen, terminateTLS: true)) {
                $0.presence = away
                $0.hasDefaultCertificate = true
            },
            DecisionRow("tls, no certificate", .tls, app, .refuse(.tunnelAway)) { $0.presence = away },
        ])
    }

    @Test
    func aFixedUpstreamIsReachedWithOrWithoutTLS() throws {
        let old = try name("old.example.com")
        let plain = try name("plain.example.com")
        try self.expect([
            DecisionRow("tls passed through", .tls, old, .upstream(Self.old, terminateTLS: false)),
            DecisionRow("http", .http, old, .upstream(Self.old, terminateTLS: false)),
            DecisionRow("exactly this name: before a tunnel", .tls, old, .upstream(Self.old, terminateTLS: false)) {
                $0.presence = .held
            },
            DecisionRow("terminate, covered", .tls, plain, .upstream(Self.plain, terminateTLS: true)) {
                $0.certificateCovers = true
            },
            DecisionRow("terminate, default", .tls, plain, .upstream(Self.plain, terminateTLS: true)) {
                $0.hasDefaultCertificate = true
            },
            DecisionRow("terminate, no certificate", .tls, plain, .refuse(.unknownName)),
            DecisionRow("http, redirect", .http, plain, .redirect(toHost: plain)),
            DecisionRow("challenge past the redirect", .http, plain, .upstream(Self.plain, terminateTLS: false)) {
                $0.isACMEChallenge = true
            },
        ])
    }

    @Test
    func aWildcardsUpstreamServesWhileNoTunnelIsThere() throws {
        let some = try name("some.fixed.example.com")
        try self.expect([
            DecisionRow("nobody", .tls, some, .upstream(Self.fixed, terminateTLS: false)),
            DecisionRow("away", .tls, some, .upstream(Self.fixed, terminateTLS: false)) {
                $0.presence = .away(lastSeen: 1)
            },
            DecisionRow("held", .tls, some, .passThrough(some)) { $0.presence = .held },
            DecisionRow("held, http", .http, some, .forward(some)) { $0.presence = .held },
        ])
    }
}
