package import EdgeTypes
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore

/// The admin site over connections whose TLS the relay has ended.
///
///     channel --HTTP1Channel--> request --router--> endpoint --RelayControl--> answer
package struct AdminApplication: Sendable {
    /// How long a connection may say nothing; browsers keep one open between two refreshes.
    private static let idleTimeout = TimeAmount.seconds(60)
    /// The longest head of a request, in bytes: nothing that this site reads is long.
    private static let maximumHead = 16 << 10
    /// The most fields of a request.
    private static let maximumFields = 100

    private let responder: RouterResponder<AdminRequestContext>
    private let logger: Logger

    /// Builds the site.
    ///
    /// - Parameters:
    ///   - control: the relay that it shows.
    ///   - logger: where failures are told.
    package init(control: any RelayControl, logger: Logger) {
        let writer = AnswerWriter()
        let router = Router(context: AdminRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerMiddleware(writer: writer))
        StatusEndpoints(control: control, writer: writer).add(to: router)
        HealthEndpoints(control: control, writer: writer).add(to: router)
        PageEndpoints(writer: writer).add(to: router)
        self.responder = router.buildResponder()
        self.logger = logger
    }

    /// Serves one connection until it is closed.
    ///
    /// The channel must not read before: its `autoRead` is off, and is turned on when the pipeline stands. Cancelling the
    /// task ends the connection.
    ///
    /// - Parameters:
    ///   - channel: the connection; its plaintext goes to the end of its pipeline.
    ///   - peer: who is at its far end.
    package func serve(channel: any Channel, peer: PeerAddress) async {
        let http = HTTP1Channel(
            responder: { request, writer, _ in
                let response = try await self.respond(to: request, from: peer)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: HTTP1Channel.Configuration(
                idleTimeout: Self.idleTimeout,
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: Self.maximumHead,
                    maxHeaderListSize: Self.maximumHead,
                    maxHeaderFieldCount: Self.maximumFields
                )
            )
        )
        do {
            let value = try await channel.eventLoop.flatSubmit {
                http.setup(channel: channel, logger: self.logger)
            }.get()
            try await channel.setOption(.autoRead, value: true).get()
            // The option reads at the socket; what the TLS handler holds is asked for through the pipeline.
            channel.read()
            await http.handle(value: value, logger: self.logger)
        } catch {
            self.logger.debug("admin connection failed", metadata: ["edge.peer": "\(peer)", "error": "\(error)"])
            channel.close(promise: nil)
        }
    }

    /// Answers one request, whatever it is; only what Hummingbird throws by itself ends the connection.
    private func respond(to request: Request, from peer: PeerAddress) async throws -> Response {
        let source = AdminRequestContext.Source(peer: peer, logger: self.logger)
        return try await self.responder.respond(to: request, context: AdminRequestContext(source: source))
    }
}
