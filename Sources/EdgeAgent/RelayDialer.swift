import EdgeCarrier
import EdgeChannels
import EdgeConfiguration
import EdgeForwarding
import EdgeMetering
import EdgeTLS
import EdgeTunnel
import EdgeTypes
import EdgeWebSocket
import Logging
import NIOCore
import NIOPosix

/// Makes attempts: each dials the relay, upgrades, and serves until the tunnel ends.
struct RelayDialer: Sendable {
    /// Time for the connection, for the handshake and for the upgrade.
    static let patience = Duration.seconds(15)
    /// Time for the connection to a local service.
    static let localPatience = Duration.seconds(5)
    /// How long the relay may leave bytes of ours unacknowledged, or take nothing at all, before the connection is lost.
    ///
    /// Pings find a relay that is gone, but not while our reading of the tunnel is held back; then this does. Linux counts
    /// the time of a closed window too, though the peer answers: a relay may hold its reading back for `timeouts.stall`
    /// (60 s), so that and the pong deadline (20 s).
    static let longestUnacknowledged = Duration.seconds(80)
    private static let userTimeout = Int(longestUnacknowledged.components.seconds) * 1000
    /// Longest head of the relay's answer, in bytes.
    static let longestHead = 16 << 10

    let plan: AgentPlan
    /// Kept over reconnects, so that the relay knows the client again.
    let instance: String
    let logger: Logger
    let announcer: Announcer

    /// Dials; the name is resolved anew each time.
    ///
    /// - Parameters:
    ///   - loop: where the tunnel and its local connections live.
    ///   - buffers: the loop's buffers.
    ///   - token: the token for this attempt.
    ///   - tell: told what happens, on the loop.
    /// - Returns: the attempt.
    func dial(
        on loop: any EventLoop,
        buffers: LoopBuffers,
        token: String,
        tell: @escaping @Sendable (AttemptNews) -> Void
    ) -> RelayAttempt {
        let ended = loop.makePromise(of: AttemptNews.End.self)
        let address = self.plan.resolve.first { $0.applies(to: self.plan.relay.host, port: self.plan.relay.port) }
        let host = address?.address.description ?? Self.address(of: self.plan.relay.host)
        let dialer = self
        let channel = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(Self.patience))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.userTimeout), value: Self.userTimeout)
            .channelOption(.recvAllocator, value: PooledReceiveAllocator(pool: buffers.tunnels))
            .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 512 << 10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try dialer.setUp(channel, buffers, token, tell, ended)
                }
            }
            .connect(host: host, port: Int(self.plan.relay.port))
        channel.whenFailure { ended.succeed(.init(text: "the relay cannot be reached: \(DialError.text($0))")) }
        ended.futureResult.whenSuccess { tell(.ended($0)) }
        return RelayAttempt(channel: channel, ended: ended.futureResult)
    }

    /// Names below `localhost` are this machine, whether the resolver knows it or not (RFC 6761 §6.3).
    private static func address(of host: Hostname) -> String {
        host.text == "localhost" || host.text.hasSuffix(".localhost") ? "127.0.0.1" : host.text
    }

    private func setUp(
        _ channel: any Channel,
        _ buffers: LoopBuffers,
        _ token: String,
        _ tell: @escaping @Sendable (AttemptNews) -> Void,
        _ ended: EventLoopPromise<AttemptNews.End>
    ) throws {
        let key = WebSocketHandshake.newKey()
        let request = WebSocketHandshake.request(
            host: self.plan.relay.authority,
            path: self.plan.relay.path,
            fields: [
                ("User-Agent", "\(Product.name)/\(Product.version)"), ("Authorization", "Bearer \(token)"),
                ("RVPN-Instance", self.instance),
            ],
            key: key
        )
        let engine = self.plan.relay.isSecure ? try self.plan.client.engine(to: self.plan.relay.host) : nil
        let opening = OpeningHandler(
            engine: engine,
            buffers: buffers,
            meters: ConnectionMeters(),
            limit: Self.longestHead,
            deadline: Self.patience,
            greeting: request,
            decide: { plaintext, _ in
                guard plaintext.readableBytes > 0 else { return .wait }
                return self.decide(plaintext, key, buffers, tell, ended)
            },
            ended: { reason in
                let isForeign = reason == .handshakeFailed
                let text =
                    isForeign
                    ? "the relay's certificate or TLS was not accepted"
                    : "the relay closed the connection (\(reason.rawValue))"
                ended.succeed(.init(text: text))
            }
        )
        try channel.pipeline.syncOperations.addHandler(opening)
    }

    private func decide(
        _ plaintext: ByteBuffer,
        _ key: String,
        _ buffers: LoopBuffers,
        _ tell: @escaping @Sendable (AttemptNews) -> Void,
        _ ended: EventLoopPromise<AttemptNews.End>
    ) -> OpeningHandler.Verdict {
        do throws(WebSocketError) {
            let answer = try WebSocketHandshake.readResponse(
                plaintext.readableBytesSpan,
                key: key,
                limit: Self.longestHead,
                ended: false
            )
            switch answer {
            case .needsBytes:
                return .wait
            case .refused(let denial):
                let refusal = RelayRefusal(status: denial.status, body: denial.body)
                let hint = denial.retryAfter.map { Duration.seconds($0) }
                ended.succeed(.init(text: "\(refusal)", isRefusal: refusal.isLasting, hint: hint))
                return .answer([], .answered)
            case .accepted(let headLength):
                let rest = plaintext.getSlice(
                    at: plaintext.readerIndex + headLength,
                    length: plaintext.readableBytes - headLength
                )
                return .open { self.open($0, buffers, rest ?? ByteBuffer(), tell, ended) }
            }
        } catch {
            ended.succeed(.init(text: "the relay's answer is no upgrade: \(error)"))
            return .answer([], .answered)
        }
    }

    private func open(
        _ opening: Opening,
        _ buffers: LoopBuffers,
        _ plaintext: ByteBuffer,
        _ tell: @escaping @Sendable (AttemptNews) -> Void,
        _ ended: EventLoopPromise<AttemptNews.End>
    ) {
        let carrier = TunnelCarrierHandler(
            settings: CarrierSettings(side: .agent, profile: .own),
            engine: opening.engine,
            buffers: buffers,
            meters: opening.meters,
            pulse: CarrierPulse(start: .now),
            now: .now
        )
        let session = AgentSession(
            services: self.plan.services,
            relay: self.plan.relay,
            logger: self.logger,
            announcer: self.announcer,
            tell: tell
        )
        let forwarder = LocalForwarder(
            services: self.plan.services,
            loop: opening.context.eventLoop,
            buffers: buffers,
            connectTimeout: Self.localPatience,
            logger: self.logger,
            onControl: { message in
                if let reply = session.received(message) { carrier.send(reply) }
            },
            onEnded: { reason in ended.succeed(session.end(reason)) }
        )
        opening.add(carrier)
        tell(.connected)
        carrier.start(owner: forwarder, plaintext: plaintext)
    }
}

extension NIOBSDSocket.Option {
    /// `TCP_USER_TIMEOUT` of Linux (RFC 5482), in milliseconds.
    fileprivate static let userTimeout = NIOBSDSocket.Option(rawValue: 18)
}
