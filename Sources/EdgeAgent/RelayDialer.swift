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

/// One attempt: dials the relay, upgrades, and serves until the tunnel ends.
struct RelayDialer: Sendable {
    /// How an attempt ended.
    struct End: Sendable {
        /// What happened, for the log.
        var text: String
        /// Whether the relay refused for good.
        var isRefusal = false
        /// How long the relay asked to wait.
        var hint: Duration?
    }

    /// Time for the connection, for the handshake and for the upgrade.
    static let patience = Duration.seconds(15)
    /// Time for the connection to a local service.
    static let localPatience = Duration.seconds(5)
    /// Longest head of the relay's answer, in bytes.
    static let longestHead = 16 << 10

    let plan: AgentPlan
    /// Kept over reconnects, so that the relay knows the client again.
    let instance: String
    let logger: Logger
    let announce: @Sendable (String) -> Void

    /// Dials and serves.
    ///
    /// - Parameters:
    ///   - loop: where the tunnel and its local connections live.
    ///   - buffers: the loop's buffers.
    ///   - token: the token for this attempt.
    ///   - up: told once when the tunnel is up.
    /// - Returns: how it ended.
    func run(
        on loop: any EventLoop,
        buffers: LoopBuffers,
        token: String,
        up: @escaping @Sendable () -> Void
    ) async -> End {
        let ended = loop.makePromise(of: End.self)
        let address = self.plan.resolve.first { $0.applies(to: self.plan.relay.host, port: self.plan.relay.port) }
        let host = address?.address.description ?? Self.address(of: self.plan.relay.host)
        let dialer = self
        let channel = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(Self.patience))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: PooledReceiveAllocator(pool: buffers.tunnels))
            .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 512 << 10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try dialer.setUp(channel, buffers, token, up, ended)
                }
            }
            .connect(host: host, port: Int(self.plan.relay.port))
        channel.whenFailure { ended.succeed(End(text: "the relay cannot be reached: \(DialError.text($0))")) }
        return await withTaskCancellationHandler {
            await (try? ended.futureResult.get()) ?? End(text: "the attempt was given up")
        } onCancel: {
            channel.whenSuccess { Self.end($0) }
        }
    }

    /// Names below `localhost` are this machine, whether the resolver knows it or not (RFC 6761 §6.3).
    private static func address(of host: Hostname) -> String {
        host.text == "localhost" || host.text.hasSuffix(".localhost") ? "127.0.0.1" : host.text
    }

    /// Says goodbye where the tunnel is up, else closes.
    private static func end(_ channel: any Channel) {
        let pipeline = channel.pipeline
        channel.eventLoop.execute {
            let carrier = try? pipeline.syncOperations.handler(type: TunnelCarrierHandler<VisitorEnd>.self)
            guard let carrier else { return channel.close(promise: nil) }
            carrier.fail(.shutdown, code: .normalClosure, text: "the client stops")
        }
    }

    private func setUp(
        _ channel: any Channel,
        _ buffers: LoopBuffers,
        _ token: String,
        _ up: @escaping @Sendable () -> Void,
        _ ended: EventLoopPromise<End>
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
                return self.decide(plaintext, key, buffers, up, ended)
            },
            ended: { reason in
                let isForeign = reason == .handshakeFailed
                let text =
                    isForeign
                    ? "the relay's certificate or TLS was not accepted"
                    : "the relay closed the connection (\(reason.rawValue))"
                ended.succeed(End(text: text))
            }
        )
        try channel.pipeline.syncOperations.addHandler(opening)
    }

    private func decide(
        _ plaintext: ByteBuffer,
        _ key: String,
        _ buffers: LoopBuffers,
        _ up: @escaping @Sendable () -> Void,
        _ ended: EventLoopPromise<End>
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
                ended.succeed(Self.end(denial))
                return .answer([], .answered)
            case .accepted(let headLength):
                let rest = plaintext.getSlice(
                    at: plaintext.readerIndex + headLength,
                    length: plaintext.readableBytes - headLength
                )
                return .open { self.open($0, buffers, rest ?? ByteBuffer(), up, ended) }
            }
        } catch {
            ended.succeed(End(text: "the relay's answer is no upgrade: \(error)"))
            return .answer([], .answered)
        }
    }

    /// A refusal that a new attempt would meet again ends the client; a relay that is full does not.
    private static func end(_ denial: WebSocketUpgradeDenial) -> End {
        let body = denial.body.prefix { $0 != "\n" }
        let isRefusal = [400, 401, 403, 404, 405, 409, 426].contains(denial.status)
        return End(
            text: "the relay refused: \(denial.status) \(body)",
            isRefusal: isRefusal,
            hint: denial.retryAfter.map { .seconds($0) }
        )
    }

    private func open(
        _ opening: Opening,
        _ buffers: LoopBuffers,
        _ plaintext: ByteBuffer,
        _ up: @escaping @Sendable () -> Void,
        _ ended: EventLoopPromise<End>
    ) {
        let carrier = TunnelCarrierHandler<VisitorEnd>(
            settings: CarrierSettings(side: .agent, profile: .own),
            engine: opening.engine,
            buffers: buffers,
            meters: opening.meters,
            pulse: CarrierPulse(start: .now),
            now: .now
        )
        let session = AgentSession(services: self.plan.services, logger: self.logger, announce: self.announce)
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
        up()
        carrier.start(owner: forwarder, plaintext: plaintext)
    }
}
